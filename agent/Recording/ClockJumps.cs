namespace ThatDam.Agent.Recording;

/// <summary>
/// Sees that the machine was suspended: CLOCK_BOOTTIME has gone on and CLOCK_MONOTONIC has not. Looked at every two seconds while something
/// records, and by whoever asks; no timer of it runs otherwise. Source: clock_gettime(2).
/// </summary>
/// <param name="suspended">How long the machine was suspended since it was started, in all.</param>
/// <param name="recorder">What records.</param>
/// <param name="time">The timer's clock.</param>
/// <param name="log">Told each suspend.</param>
public sealed class ClockJumps(Func<TimeSpan> suspended, Recorder recorder, TimeProvider time, ILogger<ClockJumps> log) : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1); // below it, the two clocks are only read apart

    private readonly Lock _gate = new();
    private TimeSpan _known = suspended();
    private ITimer? _timer;

    /// <summary>Raised after a suspend, once the recordings know of it.</summary>
    public event Action? Resumed;

    /// <summary>Looks from now on while something records.</summary>
    public void Start()
    {
        recorder.Changed += OnChange;
        OnChange();
    }

    private void OnChange()
    {
        var slept = TimeSpan.Zero;
        lock (_gate)
        {
            if (recorder.ActiveCount == 0)
            {
                _timer?.Dispose();
                _timer = null;
            }
            else if (_timer is null)
            {
                // What was slept while nothing recorded is no gap of what records now.
                slept = SleptLocked();
                _timer = time.CreateTimer(_ => OnTimer(), null, Every, Every);
            }
        }
        if (slept >= Least)
            Resumed?.Invoke();
    }

    // Since this was asked last.
    private TimeSpan SleptLocked()
    {
        var length = suspended() - _known;
        _known += length;
        return length;
    }

    // On a thread of the timer, from which nothing may come out.
    private void OnTimer()
    {
        try
        {
            Look();
        }
        catch (Exception e)
        {
            log.LogError(e, "Whether the machine was suspended cannot be told");
        }
    }

    /// <summary>Looks once.</summary>
    /// <returns>Whether the machine was suspended since the last look.</returns>
    public bool Look()
    {
        TimeSpan length;
        lock (_gate)
            length = SleptLocked();
        if (length < Least)
            return false;
        log.LogWarning("The machine was suspended for {Seconds} s; what records goes on in new files", Math.Round(length.TotalSeconds, 1));
        recorder.CutForSuspend(length);
        Resumed?.Invoke();
        return true;
    }

    /// <summary>Looks no more.</summary>
    public void Dispose()
    {
        recorder.Changed -= OnChange;
        lock (_gate)
            _timer?.Dispose();
    }
}
