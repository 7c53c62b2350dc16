using ThatDam.Native.Memory;

namespace ThatDam.Agent.Hosting;

/// <summary>
/// Gives back what only the start needed: its garbage lies in regions that the collector would keep, for an idle daemon allocates too little to
/// have them collected, and half of the program's code is not called again. Once; some milliseconds.
/// </summary>
internal static class StartMemory
{
    private static readonly TimeSpan After = TimeSpan.FromSeconds(10);

    /// <summary>Does it a little after the start.</summary>
    /// <param name="started">The start is over.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stopping">It need not be done any more.</param>
    public static async Task ReleaseAsync(Task started, TimeProvider time, CancellationToken stopping)
    {
        await started.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Delay(After, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stopping.IsCancellationRequested)
            return;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        ProgramCode.Release();
    }
}
