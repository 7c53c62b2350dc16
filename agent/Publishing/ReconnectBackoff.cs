namespace ThatDam.Agent.Publishing;

/// <summary>
/// How long to wait before the next attempt: a random part of a span that doubles with each failure, so that the daemons of a site do not
/// all come back in the same moment. From 0.5 s to 20 s. Not for several threads.
/// </summary>
/// <param name="random">Gives numbers from 0 to below 1.</param>
internal sealed class ReconnectBackoff(Func<double> random)
{
    private static readonly TimeSpan FirstStep = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(20);

    private TimeSpan _step = FirstStep;

    /// <summary>The wait after one more failure: between half of the step and all of it.</summary>
    public TimeSpan Next()
    {
        var wait = _step * (0.5 + (random() / 2));
        _step = _step * 2 < LongestStep ? _step * 2 : LongestStep;
        return wait;
    }

    /// <summary>It worked: the next failure is the first one.</summary>
    public void Reset() => _step = FirstStep;
}
