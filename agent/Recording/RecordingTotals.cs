using ThatDam.Contract;

namespace ThatDam.Agent.Recording;

/// <summary>The sums over the files of a recording that are final. captured − error − dropped = written holds for each, and so for the sum.</summary>
internal sealed class RecordingTotals
{
    private FrameCounts _frames = new();
    private long _span_us;
    private long _bytes;

    /// <summary>Frames in them.</summary>
    public long Written => _frames.Written;

    /// <summary>Video in them, microseconds: the last frame of each counts as long as the others do.</summary>
    public long Video_us { get; private set; }

    /// <summary>When the last frame of all was captured, CLOCK_MONOTONIC, microseconds; negative: there was none.</summary>
    public long Last_us { get; private set; } = -1;

    /// <summary>One more file is final.</summary>
    public void Add(SegmentEnd end)
    {
        _frames = Sum(_frames, end.Frames);
        _span_us += end.Span_us;
        _bytes += end.Bytes;
        Video_us += end.Last_us < 0 ? 0 : end.Span_us + end.Interval_us;
        if (end.Last_us >= 0)
            Last_us = end.Last_us;
    }

    /// <summary>A recording with these sums, and with the files that are being written now.</summary>
    public Contract.Recording Into(Contract.Recording recording, IReadOnlyList<(int Segment, SegmentEnd Now)> live) => recording with
    {
        Frames = live.Aggregate(_frames, (sum, one) => Sum(sum, one.Now.Frames)),
        DurationS = Math.Round((_span_us + live.Sum(one => one.Now.Span_us)) / 1e6, 3),
        Bytes = _bytes + live.Sum(one => one.Now.Bytes),
        Segments = live.Count == 0 ? recording.Segments : [.. recording.Segments.Select(segment => With(segment, live))],
    };

    private static RecordingSegment With(RecordingSegment segment, IReadOnlyList<(int Segment, SegmentEnd Now)> live)
    {
        foreach (var (index, now) in live)
        {
            if (index == segment.Index)
                return segment with { Bytes = now.Bytes, DurationS = Math.Round(now.Span_us / 1e6, 3), Frames = now.Frames };
        }
        return segment;
    }

    /// <summary>The sum of two accounts.</summary>
    public static FrameCounts Sum(FrameCounts a, FrameCounts b) => new()
    {
        Captured = a.Captured + b.Captured,
        Lost = a.Lost + b.Lost,
        Error = a.Error + b.Error,
        Dropped = a.Dropped + b.Dropped,
        Written = a.Written + b.Written,
    };
}
