using ThatDam.Agent.Supervision;

namespace ThatDam.Agent.Hosting;

/// <summary>Has a part of the daemon that is no single loop show that it works, each time its pulse is poked; one try at a time.</summary>
internal sealed class LoopProbe
{
    private readonly LoopPulse _pulse;
    private readonly Func<bool> _try;
    private int _trying;

    /// <param name="pulse">Beaten when the try succeeds.</param>
    /// <param name="tries">The try; false when it fails.</param>
    public LoopProbe(LoopPulse pulse, Func<bool> tries)
    {
        (_pulse, _try) = (pulse, tries);
        pulse.Poked += () => _ = TryAsync();
    }

    private async Task TryAsync()
    {
        if (Interlocked.Exchange(ref _trying, 1) == 1)
            return;
        try
        {
            if (await Task.Run(_try).ConfigureAwait(false))
                _pulse.Beat();
        }
        catch (Exception)
        {
            // No beat: that is what is told.
        }
        finally
        {
            Volatile.Write(ref _trying, 0);
        }
    }
}
