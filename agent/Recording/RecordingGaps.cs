using ThatDam.Contract;

namespace ThatDam.Agent.Recording;

/// <summary>The times between two files of a recording. Pure.</summary>
internal static class RecordingGaps
{
    /// <summary>A gap begins after the last file; where one lasts already, that file had no frame, and it lasts on.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="lastFrame">When the last frame was captured; null: there was none.</param>
    /// <param name="reason">Why the file ended.</param>
    public static Contract.Recording Open(Contract.Recording recording, DateTimeOffset? lastFrame, string reason) =>
        recording.Gaps is [.., { LengthS: null }] || lastFrame is not { } started
            ? recording
            : recording with { Gaps = [.. recording.Gaps, new RecordingGap { After = recording.Segments[^1].Index, Started = started, Reason = reason }] };

    /// <summary>The gap that lasts has ended with a frame.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="length_us">From the last frame to this one, CLOCK_MONOTONIC, which stands still while the machine is suspended.</param>
    /// <param name="suspended">How long it was.</param>
    public static Contract.Recording Close(Contract.Recording recording, long length_us, TimeSpan suspended) =>
        recording.Gaps is [.., { LengthS: null } open]
            ? recording with { Gaps = [.. recording.Gaps.SkipLast(1), open with { LengthS = Math.Round((length_us / 1e6) + suspended.TotalSeconds, 3) }] }
            : recording;
}
