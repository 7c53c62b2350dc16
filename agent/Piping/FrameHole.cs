namespace ThatDam.Agent.Piping;

/// <summary>A time within a stream in which no frame came.</summary>
/// <param name="From_us">When the last frame before it was captured, CLOCK_MONOTONIC, microseconds.</param>
/// <param name="Length_us">From that frame to the next.</param>
public sealed record FrameHole(long From_us, long Length_us);
