namespace ThatDam.Agent.Devices;

/// <summary>
/// When to look in a burst of messages: at once on a quiet system, a few times more for a camera whose nodes come one by one, then every
/// <see cref="Spacing"/>. Everything again is asked once a second at most. For one thread.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class LookPace(TimeProvider time)
{
    /// <summary>Between two looks of a long burst.</summary>
    public static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(200);

    /// <summary>Between two looks at everything.</summary>
    public static readonly TimeSpan FullSpacing = TimeSpan.FromSeconds(1);

    private const int Burst = 5; // looks

    private double _budget = Burst;
    private long _counted = time.GetTimestamp();
    private long? _lastFull;

    /// <summary>How long to wait; zero: look now.</summary>
    /// <param name="isFull">Whether everything is to be asked again.</param>
    public TimeSpan Wait(bool isFull)
    {
        _budget = Math.Min(Burst, _budget + (time.GetElapsedTime(_counted) / Spacing));
        _counted = time.GetTimestamp();
        var wait = _budget >= 1 ? TimeSpan.Zero : (1 - _budget) * Spacing;
        if (isFull && _lastFull is { } last && FullSpacing - time.GetElapsedTime(last) is var rest && rest > wait)
            wait = rest;
        return wait;
    }

    /// <summary>A look is taken.</summary>
    public void Take(bool isFull)
    {
        _budget -= 1;
        if (isFull)
            _lastFull = time.GetTimestamp();
    }
}
