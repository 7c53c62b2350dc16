using System.Diagnostics;

namespace ThatDam.Agent.Recording;

/// <summary>The wall time of frames, which are known by the monotonic clock.</summary>
/// <param name="time">The wall clock.</param>
internal sealed class WallClock(TimeProvider time)
{
    private static readonly TimeSpan SanestAge = TimeSpan.FromMinutes(10);

    /// <summary>This moment.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>When a frame was captured; of a camera whose clock is none of ours, this moment.</summary>
    /// <param name="monotonic_us">CLOCK_MONOTONIC, microseconds.</param>
    public DateTimeOffset When(long monotonic_us)
    {
        var age = TimeSpan.FromMicroseconds((Stopwatch.GetTimestamp() / 1000) - monotonic_us);
        return Now - (age >= TimeSpan.Zero && age < SanestAge ? age : TimeSpan.Zero);
    }
}
