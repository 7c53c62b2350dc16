using System.Text.Json.Serialization;

namespace ThatDam.Contract.Events;

/// <summary><c>capture.recording_started</c>: a device records into a file. One for each file.</summary>
public sealed record CaptureRecordingStarted : ContractEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Topic => Topics.CaptureRecordingStarted;

    /// <summary>The device's node.</summary>
    public required string Device { get; init; }

    /// <summary>Absolute path of the file.</summary>
    public required string File { get; init; }

    /// <summary>The recording that the file belongs to.</summary>
    public string? RecordingId { get; init; }

    /// <summary>The file's number in it, from 1.</summary>
    public int? Segment { get; init; }

    /// <summary>False when this is known not to be the recording's last file; a start never knows, and says false.</summary>
    public bool? Final { get; init; }

    /// <summary>Who the device is.</summary>
    public string? StableId { get; init; }

    /// <summary>The camera's name in the configuration.</summary>
    public string? Alias { get; init; }

    /// <summary><c>copy</c>, <c>h264</c>, <c>hevc</c>, <c>mjpeg</c> or <c>ffv1</c>.</summary>
    public string? Codec { get; init; }

    /// <summary><c>mp4</c> or <c>mkv</c>.</summary>
    public string? Container { get; init; }

    /// <summary>Pixels.</summary>
    public int? Width { get; init; }

    /// <summary>Pixels.</summary>
    public int? Height { get; init; }

    /// <summary>Frames per second.</summary>
    public double? Fps { get; init; }

    /// <summary>The label asked for.</summary>
    public string? Label { get; init; }

    /// <summary>The recording that this one goes on with, which ended because the daemon did.</summary>
    public string? Continues { get; init; }
}
