namespace ThatDam.Agent.Capture;

/// <summary>Every frame of a camera since the daemon's start, whoever took it. One thread counts, any reads.</summary>
public sealed class FrameTally
{
    private long _captured;
    private long _lost;
    private long _error;
    private uint? _last; // sequence, of the stream that runs

    /// <summary>Frames that the driver gave.</summary>
    public long Captured => Interlocked.Read(ref _captured);

    /// <summary>Frames that it counted and did not give: gaps in <c>sequence</c>.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Frames that it gave as faulty (V4L2_BUF_FLAG_ERROR).</summary>
    public long Error => Interlocked.Read(ref _error);

    /// <summary>A stream begins: its sequence begins anew.</summary>
    internal void Begin() => _last = null;

    /// <summary>One more.</summary>
    internal void Count(in CapturedFrame frame)
    {
        Interlocked.Increment(ref _captured);
        if (frame.Error)
            Interlocked.Increment(ref _error);
        // A driver that starts anew by itself counts from 0.
        if (_last is { } last && frame.Sequence > last + 1)
            Interlocked.Add(ref _lost, frame.Sequence - last - 1);
        _last = frame.Sequence;
    }
}
