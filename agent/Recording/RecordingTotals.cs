using ThatDam.Contract;

namespace ThatDam.Agent.Recording;

/// <summary>The sums over the files of a recording that are final.</summary>
internal sealed class RecordingTotals
{
    /// <summary>The account of their frames.</summary>
    public FrameCounts Frames { get; private set; } = new();

    /// <summary>Video in them, microseconds.</summary>
    public long Span_us { get; private set; }

    /// <summary>Their size.</summary>
    public long Bytes { get; private set; }

    /// <summary>When the last frame of all was captured, CLOCK_MONOTONIC, microseconds; negative: there was none.</summary>
    public long Last_us { get; private set; } = -1;

    /// <summary>One more file is final.</summary>
    public void Add(SegmentEnd end)
    {
        Frames = Sum(Frames, end.Frames);
        Span_us += end.Span_us;
        Bytes += end.Bytes;
        if (end.Last_us >= 0)
            Last_us = end.Last_us;
    }

    /// <summary>A recording with these sums, and with the file that is being written now.</summary>
    public Contract.Recording Into(Contract.Recording recording, SegmentEnd? now) => recording with
    {
        Frames = now is null ? Frames : Sum(Frames, now.Frames),
        DurationS = Math.Round((Span_us + (now?.Span_us ?? 0)) / 1e6, 3),
        Bytes = Bytes + (now?.Bytes ?? 0),
        Segments = now is null || recording.Segments[^1].Stopped is not null
            ? recording.Segments
            : [.. recording.Segments.SkipLast(1), recording.Segments[^1] with { Bytes = now.Bytes, DurationS = Math.Round(now.Span_us / 1e6, 3), Frames = now.Frames }],
    };

    private static FrameCounts Sum(FrameCounts a, FrameCounts b) => new()
    {
        Captured = a.Captured + b.Captured,
        Lost = a.Lost + b.Lost,
        Error = a.Error + b.Error,
        Dropped = a.Dropped + b.Dropped,
        Written = a.Written + b.Written,
    };
}
