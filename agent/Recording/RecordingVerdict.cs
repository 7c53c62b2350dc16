using ThatDam.Agent.Piping;
using ThatDam.Native.Errors;
using ThatDam.Native.Processes;

namespace ThatDam.Agent.Recording;

/// <summary>Why a file of a recording ended, and what went wrong, in words. Pure.</summary>
internal static class RecordingVerdict
{
    /// <summary>The verdict on a file.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="disk">What the disk answered, if it refused.</param>
    /// <param name="stop">Why its consumer took no more frames.</param>
    /// <param name="asked">Why it was stopped, if it was.</param>
    /// <param name="exit">How ffmpeg ended.</param>
    /// <param name="givenUp">Why ffmpeg was not waited for at the end, if it was not.</param>
    /// <param name="said">ffmpeg's last words.</param>
    /// <param name="piped">Whole frames that went to ffmpeg.</param>
    /// <param name="written">Frames in the file.</param>
    public static (CutReason Cut, string? Error) Of(
        string file, NativeException? disk, ConsumerStop stop, CutReason asked, ExitStatus exit, string? givenUp, string? said, long piped, long written)
    {
        if (disk is { Errno: Errno.ENOSPC or Errno.EDQUOT })
            return (CutReason.DiskFull, $"{file}: the disk is full. What was written before is kept. Free some space there and start again.");
        if (disk is not null)
            return (CutReason.DiskFailed, $"{file}: the disk failed ({disk.Message}). What was written before is kept.");
        var words = said is null ? "It said nothing." : $"It said: {said}";
        switch (stop.Cause)
        {
            case ConsumerStopCause.ReaderStuck:
                return (CutReason.FfmpegLost, $"ffmpeg was ended, for {stop.Detail}. {words}");
            case ConsumerStopCause.DeviceLost:
                return (CutReason.DeviceLost, stop.Detail);
            case ConsumerStopCause.StreamFailed:
                return (CutReason.Stalled, stop.Detail);
            case ConsumerStopCause.SourceChanged:
                return (CutReason.SourceChanged, stop.Detail);
            case ConsumerStopCause.ReaderGone:
                return (CutReason.FfmpegLost, $"ffmpeg ended by itself ({exit}). {words}");
        }
        // The recording goes on after a file whose time was up: an ffmpeg that fails at its end costs only what it held.
        var failed = asked is CutReason.Segment or CutReason.Suspended ? CutReason.FfmpegLost : CutReason.FfmpegFailed;
        if (givenUp is not null)
            return (failed, $"ffmpeg was ended, for {givenUp}. {words}");
        // An ffmpeg that was given nothing fails; that is not the reason.
        if (piped > 0 && !exit.IsSuccess)
            return (failed, $"ffmpeg failed at the end ({exit}). {words}");
        return (asked, written == 0 && asked == CutReason.Asked ? "It was stopped before its first frame." : null);
    }

    /// <summary>How a recording ends with the end of its last file.</summary>
    /// <param name="end">That end.</param>
    /// <param name="asked">What was asked for; null: nothing.</param>
    /// <param name="written">Frames in all its files.</param>
    /// <param name="resumes">Whether it would have waited for a camera that was unplugged.</param>
    public static RecordingEnd OfAll(SegmentEnd end, RecordingEnd? asked, long written, bool resumes)
    {
        // Where it was asked to stop, what cut its last file at that moment is no longer why it ended: it would have gone on.
        if (end.Cut == CutReason.Asked || (asked is not null && WouldGoOn(end.Cut, resumes)))
            return new RecordingEnd(asked?.Reason ?? "manual", asked?.Error ?? (written == 0 ? end.Error : null));
        if (asked?.Error is not null && end.Cut == CutReason.FfmpegFailed)
            return asked;
        // A word of a file after which a recording goes on is none of its own.
        var word = end.Cut switch
        {
            CutReason.Duration => "duration",
            CutReason.DeviceLost => "device_lost",
            CutReason.DiskFull => "disk_full",
            _ => "error",
        };
        return new RecordingEnd(word, end.Error);
    }

    /// <summary>Whether a recording goes on in a further file after one that ended so.</summary>
    /// <param name="cut">Why it ended.</param>
    /// <param name="resumes">Whether it waits for a camera that was unplugged.</param>
    public static bool WouldGoOn(CutReason cut, bool resumes) => cut switch
    {
        CutReason.Segment or CutReason.Suspended or CutReason.Stalled or CutReason.SourceChanged or CutReason.FfmpegLost => true,
        CutReason.DeviceLost => resumes,
        _ => false,
    };
}

/// <summary>How a recording ends.</summary>
/// <param name="Reason">The contract's word.</param>
/// <param name="Error">What went wrong, if something did.</param>
internal sealed record RecordingEnd(string Reason, string? Error);
