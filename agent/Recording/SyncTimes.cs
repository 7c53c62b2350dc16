namespace ThatDam.Agent.Recording;

/// <summary>How long the disk took to make data safe (fdatasync(2)), in the manner of a histogram: each bucket counts those up to its bound. For any thread.</summary>
public sealed class SyncTimes
{
    private readonly long[] _counts = new long[Bounds_s.Length + 1];
    private long _sum_us;

    /// <summary>The buckets' bounds, seconds.</summary>
    public static double[] Bounds_s { get; } = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];

    /// <summary>How many took so long: one count for each bound, and one for all above the last.</summary>
    public IReadOnlyList<long> Counts => [.. Enumerable.Range(0, _counts.Length).Select(i => Interlocked.Read(ref _counts[i]))];

    /// <summary>All of them together.</summary>
    public TimeSpan Sum => TimeSpan.FromMicroseconds(Interlocked.Read(ref _sum_us));

    /// <summary>One more.</summary>
    public void Add(TimeSpan took)
    {
        var bucket = Array.FindIndex(Bounds_s, bound => took.TotalSeconds <= bound);
        Interlocked.Increment(ref _counts[bucket < 0 ? ^1 : bucket]);
        Interlocked.Add(ref _sum_us, (long)took.TotalMicroseconds);
    }
}
