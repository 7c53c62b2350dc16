using System.Text.Json.Serialization;

namespace ThatDam.Contract.Events;

/// <summary><c>capture.segment.created</c>: a file of a recording is complete on the disk and may be read by others. Told with its stop, where there are frames in it.</summary>
public sealed record CaptureSegmentCreated : ContractEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Topic => Topics.CaptureSegmentCreated;

    /// <summary>The device's node.</summary>
    public required string Device { get; init; }

    /// <summary>Absolute path of the file.</summary>
    public required string File { get; init; }

    /// <summary>The recording that the file belongs to.</summary>
    public required string RecordingId { get; init; }

    /// <summary>The file's number in it, from 1.</summary>
    public required int Segment { get; init; }

    /// <summary>Whether it is the recording's last file.</summary>
    public required bool Final { get; init; }

    /// <summary>Who the device is.</summary>
    public string? StableId { get; init; }

    /// <summary>The camera's name in the configuration.</summary>
    public string? Alias { get; init; }

    /// <summary>When its first frame was captured.</summary>
    [JsonConverter(typeof(UtcTime))]
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it was final.</summary>
    [JsonConverter(typeof(UtcTime))]
    public DateTimeOffset? Stopped { get; init; }

    /// <summary>Seconds of video in it.</summary>
    public double? DurationS { get; init; }

    /// <summary>Its size.</summary>
    public long? Bytes { get; init; }

    /// <summary>What is in it: <c>h264</c>, <c>hevc</c>, <c>mjpeg</c>, <c>ffv1</c>, or <c>copy</c> for the camera's own stream.</summary>
    public string? Codec { get; init; }

    /// <summary><c>mp4</c> or <c>mkv</c>.</summary>
    public string? Container { get; init; }

    /// <summary>The label asked for.</summary>
    public string? Label { get; init; }
}
