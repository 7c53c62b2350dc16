using ThatDam.Contract;

namespace ThatDam.Agent.Piping;

/// <summary>Counts what became of the frames that one consumer was offered. Written by the session's and the writer's thread.</summary>
internal sealed class FrameAccount
{
    private long _captured;
    private long _lost;
    private long _error;
    private long _dropped;
    private long _piped;
    private uint _nextSequence;
    private bool _any;

    /// <summary>Whole frames in the pipe.</summary>
    public long Piped => Volatile.Read(ref _piped);

    /// <summary>A frame came; a gap before it is counted as lost. A number that repeats or steps back, as some drivers' do, is none.</summary>
    public void Captured(uint sequence)
    {
        if (_any && unchecked((int)(sequence - _nextSequence)) is > 0 and var gap)
            Interlocked.Add(ref _lost, gap);
        (_any, _nextSequence) = (true, unchecked(sequence + 1));
        Interlocked.Increment(ref _captured);
    }

    /// <summary>It goes on where another account of the same stream ended: what is lost between the two is lost here.</summary>
    public void Follow(FrameAccount before) => (_any, _nextSequence) = (before._any, before._nextSequence);

    /// <summary>It was damaged.</summary>
    public void Error() => Interlocked.Increment(ref _error);

    /// <summary>It was left out.</summary>
    public void Dropped(long count = 1) => Interlocked.Add(ref _dropped, count);

    /// <summary>It is in the pipe.</summary>
    public void IntoPipe() => Interlocked.Increment(ref _piped);

    /// <summary>The account now.</summary>
    /// <param name="written">Frames in the file.</param>
    public FrameCounts Counts(long written) => new()
    {
        Captured = Volatile.Read(ref _captured),
        Lost = Volatile.Read(ref _lost),
        Error = Volatile.Read(ref _error),
        Dropped = Volatile.Read(ref _dropped),
        Written = written,
    };
}
