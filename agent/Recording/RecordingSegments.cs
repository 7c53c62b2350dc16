using ThatDam.Contract;

namespace ThatDam.Agent.Recording;

/// <summary>The files in a recording's account. One is in it from its first frame on. Pure.</summary>
internal static class RecordingSegments
{
    /// <summary>A further file has its first frame.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="index">The file's number.</param>
    /// <param name="file">Its path.</param>
    /// <param name="started">When its first frame was captured.</param>
    public static Contract.Recording Begin(Contract.Recording recording, int index, string file, DateTimeOffset started) =>
        recording.Segments.Any(segment => segment.Index == index)
            ? Change(recording, index, segment => segment with { Started = started })
            : recording with { Segments = [.. recording.Segments, new RecordingSegment { Index = index, File = file, Started = started }] };

    /// <summary>A file is final, and what was missing within it is known.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="index">The file's number; one that is not in the account, for it had no frame, changes nothing.</param>
    /// <param name="end">What became of it.</param>
    /// <param name="asked">The word for one that was stopped by request.</param>
    /// <param name="clock">The wall time.</param>
    public static Contract.Recording Close(Contract.Recording recording, int index, SegmentEnd end, string asked, WallClock clock) => RecordingGaps.Within(
        Change(recording, index, segment => segment with
        {
            Stopped = clock.Now,
            Bytes = end.Bytes,
            DurationS = Math.Round(end.Span_us / 1e6, 3),
            Reason = end.Word(asked),
            Error = end.Error,
            Frames = end.Frames,
        }),
        index, end.Holes, clock.When);

    /// <summary>Changes what is said of one file.</summary>
    public static Contract.Recording Change(Contract.Recording recording, int index, Func<RecordingSegment, RecordingSegment> change) =>
        recording with { Segments = [.. recording.Segments.Select(segment => segment.Index == index ? change(segment) : segment)] };
}
