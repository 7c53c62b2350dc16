namespace ThatDam.Agent.Supervision;

/// <summary>
/// A loop's sign of life, for the watchdog. The loop beats each time it comes round, and says when it waits for something outside that has a
/// deadline of its own, such as a broker's answer; it can be poked, so that one with nothing to do comes round too. For any thread.
/// </summary>
/// <param name="name">The loop: <c>uevents</c>, <c>control</c>, <c>recording</c>, <c>publishing</c>.</param>
/// <param name="time">The clock of its age.</param>
public sealed class LoopPulse(string name, TimeProvider time)
{
    private long _beats;
    private long _beaten = time.GetTimestamp();
    private int _waits;

    /// <summary>Raised by <see cref="Poke"/>: the loop is to come round. Must not block.</summary>
    public event Action? Poked;

    /// <summary>The loop.</summary>
    public string Name => name;

    /// <summary>How often it has come round.</summary>
    public long Beats => Interlocked.Read(ref _beats);

    /// <summary>Whether it waits for something outside.</summary>
    public bool Waits => Volatile.Read(ref _waits) > 0;

    /// <summary>How long ago it came round; nothing while it waits for something outside.</summary>
    public TimeSpan Age => Waits ? TimeSpan.Zero : time.GetElapsedTime(Interlocked.Read(ref _beaten));

    /// <summary>It has come round.</summary>
    public void Beat()
    {
        DebugHang.At(name);
        Interlocked.Exchange(ref _beaten, time.GetTimestamp());
        Interlocked.Increment(ref _beats);
    }

    /// <summary>Asks it to come round.</summary>
    public void Poke() => Poked?.Invoke();

    /// <summary>It waits for something outside until that is disposed.</summary>
    public OutsideWait WaitOutside()
    {
        Interlocked.Increment(ref _waits);
        return new OutsideWait(this);
    }

    /// <summary>A loop's wait for something outside.</summary>
    public readonly struct OutsideWait : IDisposable
    {
        private readonly LoopPulse _pulse;

        internal OutsideWait(LoopPulse pulse) => _pulse = pulse;

        /// <summary>The wait is over; the loop has come round.</summary>
        public void Dispose()
        {
            Interlocked.Decrement(ref _pulse._waits);
            _pulse.Beat();
        }
    }
}
