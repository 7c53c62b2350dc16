namespace ThatDam.Agent.Tests.Devices;

/// <summary>Time that stands until a test moves it. Its timers fire on the thread that moves it.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _wall = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _wall;
    }

    public override long GetTimestamp()
    {
        lock (_gate)
            return _ticks;
    }

    /// <summary>Somebody sets the wall clock.</summary>
    public void SetWall(TimeSpan step)
    {
        lock (_gate)
            _wall += step;
    }

    /// <summary>Time passes.</summary>
    public void Pass(TimeSpan time)
    {
        List<ManualTimer> due;
        lock (_gate)
        {
            _wall += time;
            _ticks += time.Ticks;
            due = [.. _timers.Where(timer => timer.DueAt <= _ticks)];
            foreach (var timer in due)
                timer.DueAt = timer.Period > TimeSpan.Zero ? _ticks + timer.Period.Ticks : long.MaxValue;
        }
        foreach (var timer in due)
            timer.Fire();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (_gate)
            _timers.Add(timer);
        return timer;
    }

    private sealed class ManualTimer(ManualTime owner, TimerCallback callback, object? state) : ITimer
    {
        public long DueAt { get; set; } = long.MaxValue;

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner._gate)
            {
                DueAt = dueTime < TimeSpan.Zero ? long.MaxValue : owner._ticks + dueTime.Ticks;
                Period = period;
            }
            return true;
        }

        public void Dispose()
        {
            lock (owner._gate)
                owner._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
