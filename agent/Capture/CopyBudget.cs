using ThatDam.Native.Memory;

namespace ThatDam.Agent.Capture;

/// <summary>
/// Memory for copies of one camera's frames: those that wait for an ffmpeg that is not ready yet, or is busy. Bounded. When none waits any
/// more, what a burst took beyond a few frames is the machine's again. For any thread.
/// </summary>
internal sealed unsafe class CopyBudget : IDisposable
{
    /// <summary>The most that one camera's waiting frames may take. Bytes.</summary>
    public const long LimitBytes = 64L * 1024 * 1024;

    // Of a steady flow the same few are used again and again.
    private const long KeptBytes = 4L * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Stack<int> _free = new(); // the lowest on top, once all were back
    private readonly nint _blockBytes;
    private readonly int _limit;
    private readonly int _kept;
    private AnonymousMemory? _memory;
    private int _used; // blocks that are out
    private int _touched; // blocks that have memory, from the first on
    private bool _closed;

    /// <param name="frameBytes">The most that one frame can have.</param>
    public CopyBudget(int frameBytes)
    {
        _blockBytes = Math.Max(1, frameBytes);
        _limit = (int)(LimitBytes / _blockBytes);
        _kept = (int)Math.Max(1, KeptBytes / _blockBytes);
    }

    /// <summary>Copies a frame. False when the limit is reached, or the frame is longer than any may be.</summary>
    /// <exception cref="Native.Errors.NativeException">ENOMEM.</exception>
    public bool TryCopy(ReadOnlySpan<byte> frame, out nint address)
    {
        address = 0;
        if (frame.Length > _blockBytes)
            return false;
        lock (_gate)
        {
            if (!_free.TryPop(out var block))
            {
                if (_touched == _limit)
                    return false;
                block = _touched++;
            }
            _used++;
            _memory ??= AnonymousMemory.Map(_blockBytes * _limit);
            address = _memory.Address + (block * _blockBytes);
        }
        frame.CopyTo(new Span<byte>((void*)address, frame.Length));
        return true;
    }

    /// <summary>Takes a copy's memory back.</summary>
    public void Return(nint address)
    {
        lock (_gate)
        {
            _free.Push((int)((address - _memory!.Address) / _blockBytes));
            if (--_used > 0)
                return;
            if (_closed)
                _memory.Dispose();
            else if (_touched > _kept)
                Shrink();
        }
    }

    /// <summary>Frees it, or has the last copy that comes back free it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            if (_used == 0)
                _memory?.Dispose();
        }
    }

    private void Shrink()
    {
        _memory!.Discard(_kept * _blockBytes);
        _touched = _kept;
        _free.Clear();
        for (var block = _kept - 1; block >= 0; block--)
            _free.Push(block);
    }
}
