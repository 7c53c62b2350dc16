using System.Collections.Concurrent;
using ThatDam.Native.Descriptors;

namespace ThatDam.Agent.Capture;

/// <summary>
/// Who holds which of a driver's buffers. A buffer that nobody holds any more is returned, and the session's thread, the only one that
/// talks to the driver, queues it again. The driver always keeps <see cref="DriverReserve"/> buffers, so consumers can slow each other
/// down to copies and drops but never starve the camera.
/// </summary>
internal sealed class BufferLedger
{
    /// <summary>Buffers that no consumer can take from the driver: one being filled, one to go on with.</summary>
    public const int DriverReserve = 2;

    private readonly bool _mayHold;
    private readonly int[] _holds;
    private readonly bool[] _away; // the session's thread alone
    private readonly ConcurrentQueue<int> _returned = new();
    private readonly EventDescriptor _wake;
    private int _out;
    private int _consumers = 1;

    /// <param name="buffers">How many the driver gave.</param>
    /// <param name="mayHold">Whether a buffer can be kept at all; else every frame is copied.</param>
    /// <param name="wake">Signalled when the driver has run low and a buffer comes back.</param>
    public BufferLedger(int buffers, bool mayHold, EventDescriptor wake)
    {
        _mayHold = mayHold;
        _holds = new int[buffers];
        _away = new bool[buffers];
        _wake = wake;
    }

    /// <summary>How many buffers one consumer may hold.</summary>
    public int Share => Math.Max(1, (_holds.Length - DriverReserve) / Volatile.Read(ref _consumers));

    /// <summary>Buffers that are not with the driver.</summary>
    public int Out => Volatile.Read(ref _out);

    /// <summary>Whether the driver has no buffer to fill: no frame can come then, and it is not the camera's fault.</summary>
    public bool IsAllKept => Out >= _holds.Length;

    /// <summary>Whether somebody keeps a buffer, or it was not queued again yet. For the session's thread.</summary>
    public bool IsOut(int index) => _away[index];

    /// <summary>Tells how many consumers share the buffers.</summary>
    public void SetConsumers(int count) => Volatile.Write(ref _consumers, Math.Max(1, count));

    /// <summary>The session's thread took a buffer from the driver, and holds it while it offers it.</summary>
    public void Taken(int index)
    {
        _away[index] = true;
        Volatile.Write(ref _holds[index], 1);
        Interlocked.Increment(ref _out);
    }

    /// <summary>One more holder of a buffer that is out. False when the driver would be left with too few.</summary>
    public bool TryHold(int index)
    {
        if (!_mayHold || Out > _holds.Length - DriverReserve)
            return false;
        Interlocked.Increment(ref _holds[index]);
        return true;
    }

    /// <summary>One holder less; the last one returns it.</summary>
    public void Release(int index)
    {
        if (Interlocked.Decrement(ref _holds[index]) != 0)
            return;
        _returned.Enqueue(index);
        if (Out >= _holds.Length - DriverReserve)
            _wake.Signal();
    }

    /// <summary>Takes a returned buffer, for the session's thread to queue.</summary>
    public bool TryTakeReturned(out int index)
    {
        if (!_returned.TryDequeue(out index))
            return false;
        _away[index] = false;
        Interlocked.Decrement(ref _out);
        return true;
    }
}
