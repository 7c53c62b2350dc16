using ThatDam.Contract;
using ThatDam.Native.Errors;
using ThatDam.Native.Files;

namespace ThatDam.Agent.Recording;

/// <summary>What a recording that a crash left unfinished comes to, by what its files hold.</summary>
internal static class RecoveredRecording
{
    private const int MostOfUnbegun = 64 * 1024; // a container's head

    /// <summary>Its final state, and how that is to be told: its files may have been told before the crash, all or all but the last ones.</summary>
    /// <param name="left">As it was stored.</param>
    /// <param name="now">When it is found.</param>
    /// <param name="sideDirectory">Where the index of a file lies until it is final.</param>
    public static (Contract.Recording Recording, RecordingStep Step) Of(Contract.Recording left, DateTimeOffset now, string sideDirectory)
    {
        var open = left.Segments.Where(segment => segment.Stopped is null).Select(segment => segment.Index).ToList();
        IReadOnlyList<RecordingSegment> segments = [.. left.Segments.Select(segment => segment.Stopped is null ? Closed(left, segment, now, sideDirectory) : segment)];
        var frames = segments.Select(segment => segment.Frames ?? new FrameCounts()).Aggregate(new FrameCounts(), RecordingTotals.Sum);
        return (left with
        {
            State = frames.Written > 0 ? "stopped" : "failed",
            Reason = "recovered",
            Error = segments[^1].Index == open.LastOrDefault() ? segments[^1].Error : null,
            Stopped = now,
            Bytes = segments.Sum(segment => segment.Bytes),
            DurationS = Math.Round(segments.Sum(segment => segment.DurationS), 3),
            Frames = frames,
            Segments = segments,
        }, open.Count == 0 ? RecordingStep.EndedBetween : RecordingStep.End(open));
    }

    /// <summary>Takes away the further file that was opened and had no frame yet when the crash came: no account has it.</summary>
    /// <param name="recording">As it was brought to its end.</param>
    public static void RemoveUnbegun(Contract.Recording recording)
    {
        var first = recording.Segments[0].File;
        var path = Path.Join(Path.GetDirectoryName(first), RecordingName.OfFile(first, recording.Segments.Count + 1, recording.Container, attempt: 1));
        try
        {
            using var file = OutputFolder.Open(path);
            if (file is null || file.Length > MostOfUnbegun || WrittenFrames.Count(file, recording.Container) > 0)
                return;
            using var directory = DirectoryDescriptor.Open(Path.GetDirectoryName(path) ?? "/");
            directory.Remove(Path.GetFileName(path));
        }
        catch (NativeException)
        {
            // An empty file stays.
        }
    }

    private static RecordingSegment Closed(Contract.Recording left, RecordingSegment segment, DateTimeOffset now, string sideDirectory)
    {
        var (bytes, written, error) = MadeFinal(segment.File, left.Container, sideDirectory);
        var known = segment.Frames ?? (left.Segments.Count == 1 ? left.Frames : new FrameCounts());
        var captured = Math.Max(known.Captured, written + known.Error);
        return segment with
        {
            Stopped = now,
            Bytes = bytes,
            // Nobody counted it: at the camera's rate.
            DurationS = left.Fps > 0 ? Math.Round(written / left.Fps, 3) : segment.DurationS,
            Reason = "recovered",
            Error = error,
            Frames = known with { Captured = captured, Written = written, Dropped = captured - known.Error - written },
        };
    }

    private static (long Bytes, long Written, string? Error) MadeFinal(string path, string container, string sideDirectory)
    {
        try
        {
            using var file = OutputFolder.Open(path, write: true);
            if (file is null)
                return (0, 0, $"{path} is gone.");
            if (!file.TryLock())
                return (file.Length, WrittenFrames.Count(file, container), $"{path} is being written by another program, and was left as it is.");
            using var finalisation = new Finalisation(file, container, sideDirectory);
            var why = finalisation.Finish(disk: null)?.Reason ?? finalisation.StaysFragmented;
            return (file.Length, finalisation.Frames ?? WrittenFrames.Count(file, container), why is null ? null
                : $"{path} plays, and stays fragmented: {why}. `damctl record repair` makes it final when that is mended.");
        }
        catch (NativeException e)
        {
            return (0, 0, $"{path} cannot be read: {e.Reason}.");
        }
        catch (Exception e)
        {
            // One file must not keep the daemon from its start.
            return (0, 0, $"{path} cannot be understood: {e.Message}");
        }
    }
}
