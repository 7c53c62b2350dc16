using ThatDam.Agent.Piping;
using ThatDam.Contract;

namespace ThatDam.Agent.Recording;

/// <summary>The times in which a recording recorded nothing: between two files, or within one. Pure.</summary>
internal static class RecordingGaps
{
    /// <summary>A gap begins after a file; where one lasts already, that file had no frame, and it lasts on.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="after">The file's number.</param>
    /// <param name="lastFrame">When its last frame was captured; null: it had none.</param>
    /// <param name="reason">Why it ended.</param>
    public static Contract.Recording Open(Contract.Recording recording, int after, DateTimeOffset? lastFrame, string reason) =>
        recording.Gaps is [.., { LengthS: null }] || lastFrame is not { } started
            ? recording
            : recording with { Gaps = [.. recording.Gaps, new RecordingGap { After = after, Started = started, Reason = reason }] };

    /// <summary>The gap that lasts has ended with a frame.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="length_us">From the last frame to this one, CLOCK_MONOTONIC, which stands still while the machine is suspended.</param>
    /// <param name="suspended">How long it was.</param>
    public static Contract.Recording Close(Contract.Recording recording, long length_us, TimeSpan suspended) =>
        recording.Gaps is [.., { LengthS: null } open]
            ? recording with { Gaps = [.. recording.Gaps.SkipLast(1), open with { LengthS = Math.Round((length_us / 1e6) + suspended.TotalSeconds, 3) }] }
            : recording;

    /// <summary>Those within a file: the camera stalled and came round.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="file">The file's number.</param>
    /// <param name="holes">Where no frame came.</param>
    /// <param name="when">The wall time of a frame.</param>
    public static Contract.Recording Within(Contract.Recording recording, int file, IReadOnlyList<FrameHole> holes, Func<long, DateTimeOffset> when) =>
        holes.Count == 0 ? recording : recording with
        {
            Gaps =
            [
                .. recording.Gaps,
                .. holes.Select(hole => new RecordingGap { After = file, Started = when(hole.From_us), LengthS = Math.Round(hole.Length_us / 1e6, 3), Reason = "stalled" }),
            ],
        };

    /// <summary>Whether frames are missing between two that follow each other: they are further apart than a frame and a half.</summary>
    /// <param name="length_us">From one to the other.</param>
    /// <param name="interval_us">From frame to frame.</param>
    public static bool IsGap(long length_us, long interval_us) => length_us > interval_us * 3 / 2;
}
