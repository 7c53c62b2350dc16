using ThatDam.Contract;
using ThatDam.Native.Errors;

namespace ThatDam.Agent.Recording;

/// <summary>What a recording that a crash left unfinished comes to, by what its files hold.</summary>
internal static class RecoveredRecording
{
    /// <summary>Its final state, and how that is to be told: its last file may have been told before the crash.</summary>
    /// <param name="left">As it was stored.</param>
    /// <param name="now">When it is found.</param>
    public static (Contract.Recording Recording, RecordingStep Step) Of(Contract.Recording left, DateTimeOffset now)
    {
        var between = left.Segments[^1].Stopped is not null;
        var counted = between ? left : WithLastFile(left, now);
        var (frames, error) = (counted.Frames, counted.Error);
        return (counted with
        {
            State = frames.Written > 0 ? "stopped" : "failed",
            Reason = "recovered",
            Error = error,
            Stopped = now,
        }, between ? RecordingStep.EndedBetween : RecordingStep.Ended);
    }

    private static Contract.Recording WithLastFile(Contract.Recording left, DateTimeOffset now)
    {
        var last = left.Segments[^1];
        var (bytes, written, error) = Found(last.File, left.Container);
        // What is stored of the whole holds what was known of the last file then.
        var known = last.Frames ?? (left.Segments.Count == 1 ? left.Frames : new FrameCounts());
        var captured = Math.Max(known.Captured, written + known.Error);
        var frames = known with { Captured = captured, Written = written, Dropped = captured - known.Error - written };
        var before = left.Segments.SkipLast(1).Select(segment => segment.Frames).OfType<FrameCounts>().ToList();
        // Nobody counted it: at the camera's rate.
        var duration_s = left.Fps > 0 ? Math.Round(written / left.Fps, 3) : last.DurationS;
        return left with
        {
            Error = error,
            Bytes = left.Segments.SkipLast(1).Sum(segment => segment.Bytes) + bytes,
            DurationS = Math.Round(left.Segments.SkipLast(1).Sum(segment => segment.DurationS) + duration_s, 3),
            Frames = frames with
            {
                Captured = before.Sum(one => one.Captured) + frames.Captured,
                Lost = before.Sum(one => one.Lost) + frames.Lost,
                Error = before.Sum(one => one.Error) + frames.Error,
                Dropped = before.Sum(one => one.Dropped) + frames.Dropped,
                Written = before.Sum(one => one.Written) + frames.Written,
            },
            Segments = [.. left.Segments.SkipLast(1), last with { Stopped = now, Bytes = bytes, DurationS = duration_s, Frames = frames, Reason = "recovered", Error = error }],
        };
    }

    private static (long Bytes, long Written, string? Error) Found(string path, string container)
    {
        try
        {
            using var file = OutputFolder.Open(path);
            return file is null ? (0, 0, $"{path} is gone.") : (file.Length, WrittenFrames.Count(file, container), null);
        }
        catch (NativeException e)
        {
            return (0, 0, $"{path} cannot be read: {e.Reason}.");
        }
    }
}
