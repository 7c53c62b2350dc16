using System.Text.Json.Serialization;

namespace ThatDam.Contract.Events;

/// <summary><c>capture.recording_stopped</c>: a file is final. One for each that was started, whatever ended it. A recording that ends while it waits for its camera tells its last file once more, with <see cref="Final"/> set.</summary>
public sealed record CaptureRecordingStopped : ContractEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Topic => Topics.CaptureRecordingStopped;

    /// <summary>The device's node.</summary>
    public required string Device { get; init; }

    /// <summary>Absolute path of the file.</summary>
    public required string File { get; init; }

    /// <summary><c>manual</c>, <c>duration</c>, <c>error</c>, <c>device_lost</c>, <c>disk_full</c>, <c>shutdown</c>, <c>recovered</c>; of a file after which the recording goes on also <c>stalled</c>, <c>ffmpeg_lost</c>, <c>source_changed</c>, <c>suspended</c>, <c>segment</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>The recording that the file belongs to.</summary>
    public string? RecordingId { get; init; }

    /// <summary>The file's number in it, from 1.</summary>
    public int? Segment { get; init; }

    /// <summary>Whether this was the recording's last file.</summary>
    public bool? Final { get; init; }

    /// <summary>Who the device is.</summary>
    public string? StableId { get; init; }

    /// <summary>The camera's name in the configuration.</summary>
    public string? Alias { get; init; }

    /// <summary>What went wrong, and what to do about it.</summary>
    public string? Error { get; init; }

    /// <summary>Seconds of video in the file.</summary>
    public double? DurationS { get; init; }

    /// <summary>The file's size.</summary>
    public long? Bytes { get; init; }

    /// <summary>The account of its frames.</summary>
    public FrameCounts? Frames { get; init; }
}
