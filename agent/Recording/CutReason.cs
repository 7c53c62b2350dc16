using ThatDam.Agent.Piping;
using ThatDam.Contract;

namespace ThatDam.Agent.Recording;

/// <summary>Why a file of a recording ended.</summary>
internal enum CutReason
{
    /// <summary>The recording was asked to stop.</summary>
    Asked,

    /// <summary>The recording has as much video as it was asked for.</summary>
    Duration,

    /// <summary>The file has as much video as a file is to have.</summary>
    Segment,

    /// <summary>The machine was suspended.</summary>
    Suspended,

    /// <summary>The camera was unplugged.</summary>
    DeviceLost,

    /// <summary>The camera delivers nothing, or its driver failed.</summary>
    Stalled,

    /// <summary>The signal is gone, or is another one now.</summary>
    SourceChanged,

    /// <summary>ffmpeg ended by itself, or took nothing for too long and was ended.</summary>
    FfmpegLost,

    /// <summary>ffmpeg failed though it was given every frame.</summary>
    FfmpegFailed,

    /// <summary>The disk is full.</summary>
    DiskFull,

    /// <summary>The disk failed.</summary>
    DiskFailed,

    /// <summary>A fault of this program.</summary>
    Fault,
}

/// <summary>How a file of a recording ended.</summary>
internal sealed record SegmentEnd
{
    /// <summary>Why.</summary>
    public required CutReason Cut { get; init; }

    /// <summary>What went wrong, in words.</summary>
    public string? Error { get; init; }

    /// <summary>The account of its frames.</summary>
    public required FrameCounts Frames { get; init; }

    /// <summary>From its first to its last frame, microseconds.</summary>
    public required long Span_us { get; init; }

    /// <summary>When its first frame was captured, CLOCK_MONOTONIC, microseconds; negative: it has none.</summary>
    public required long First_us { get; init; }

    /// <summary>When its last frame was captured.</summary>
    public required long Last_us { get; init; }

    /// <summary>From frame to frame, microseconds, as the driver says; a tenth of a second where it does not.</summary>
    public required long Interval_us { get; init; }

    /// <summary>The times within it in which no frame came.</summary>
    public IReadOnlyList<FrameHole> Holes { get; init; } = [];

    /// <summary>The file's size.</summary>
    public required long Bytes { get; init; }

    /// <summary>The contract's word for why it ended.</summary>
    /// <param name="asked">The word of who asked it to stop.</param>
    public string Word(string asked) => Cut switch
    {
        CutReason.Asked => asked,
        CutReason.Duration => "duration",
        CutReason.Segment => "segment",
        CutReason.Suspended => "suspended",
        CutReason.DeviceLost => "device_lost",
        CutReason.Stalled => "stalled",
        CutReason.SourceChanged => "source_changed",
        CutReason.FfmpegLost => "ffmpeg_lost",
        CutReason.DiskFull => "disk_full",
        _ => "error",
    };
}
