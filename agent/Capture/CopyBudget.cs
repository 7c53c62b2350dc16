using System.Runtime.InteropServices;

namespace ThatDam.Agent.Capture;

/// <summary>
/// Memory for copies of one camera's frames: those that wait for an ffmpeg that is not ready yet, or is busy. Bounded; blocks are kept and
/// used again until the camera closes.
/// </summary>
internal sealed unsafe class CopyBudget : IDisposable
{
    /// <summary>The most that one camera's waiting frames may take. Bytes.</summary>
    public const long LimitBytes = 64L * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Stack<nint> _free = new();
    private readonly nuint _blockBytes;
    private readonly int _limit;
    private int _blocks;
    private bool _closed;

    /// <param name="frameBytes">The most that one frame can have.</param>
    public CopyBudget(int frameBytes)
    {
        _blockBytes = (nuint)Math.Max(1, frameBytes);
        _limit = (int)(LimitBytes / (long)_blockBytes);
    }

    /// <summary>Copies a frame. False when the limit is reached, or the frame is longer than any may be.</summary>
    public bool TryCopy(ReadOnlySpan<byte> frame, out nint address)
    {
        address = 0;
        if ((nuint)frame.Length > _blockBytes)
            return false;
        lock (_gate)
        {
            if (!_free.TryPop(out address))
            {
                if (_blocks == _limit)
                    return false;
                address = (nint)NativeMemory.Alloc(_blockBytes);
                _blocks++;
            }
        }
        frame.CopyTo(new Span<byte>((void*)address, frame.Length));
        return true;
    }

    /// <summary>Takes a copy's memory back.</summary>
    public void Return(nint address)
    {
        lock (_gate)
        {
            _free.Push(address);
            if (_closed)
                FreeUnused();
        }
    }

    /// <summary>Frees what is not in use; the rest as it comes back.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            FreeUnused();
        }
    }

    private void FreeUnused()
    {
        while (_free.TryPop(out var address))
            NativeMemory.Free((void*)address);
    }
}
