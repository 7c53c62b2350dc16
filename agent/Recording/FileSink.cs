using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;
using ThatDam.Native.Files;
using ThatDam.Native.Pipes;

namespace ThatDam.Agent.Recording;

/// <summary>
/// Moves what ffmpeg writes into a recording's file, without a copy (splice), and syncs it to the disk at a steady pace. A thread of its
/// own, so a disk that blocks holds up this recording alone. After an error the file keeps what it has and the pipe is closed, which ends
/// ffmpeg; a failed sync is not tried again.
/// </summary>
internal sealed class FileSink : IDisposable
{
    private const int StackBytes = 128 * 1024;
    private const int MaxSpliceBytes = 1024 * 1024;

    private readonly PipeReadEnd _from;
    private readonly FileDescriptor _to;
    private readonly TimeSpan _syncEvery;
    private readonly TimeProvider _time;
    private readonly SyncTimes? _syncs;
    private readonly Finalisation? _finalisation;
    private readonly EventDescriptor _abort = EventDescriptor.Create();
    private readonly TaskCompletionSource<NativeException?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private long _bytes;
    private volatile bool _inDisk;
    private volatile bool _aborted;

    /// <param name="name">The recording, for the thread's name.</param>
    /// <param name="from">ffmpeg's output; owned from here on.</param>
    /// <param name="to">The file, which stays the caller's.</param>
    /// <param name="syncEvery">The longest that written data stays unsynced.</param>
    /// <param name="time">The clock of the syncs.</param>
    /// <param name="syncs">Told how long each takes.</param>
    /// <param name="finalisation">Makes the file final when it is all there; the caller's. Null: it stays as it is.</param>
    public FileSink(
        string name, PipeReadEnd from, FileDescriptor to, TimeSpan syncEvery, TimeProvider time, SyncTimes? syncs = null, Finalisation? finalisation = null)
    {
        (_from, _to, _syncEvery, _time, _syncs, _finalisation) = (from, to, syncEvery, time, syncs, finalisation);
        _thread = new Thread(Run, StackBytes) { IsBackground = true, Name = $"file {name}" };
        _thread.Start();
    }

    /// <summary>Bytes in the file.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Whether it waits for the disk at this moment.</summary>
    public bool IsInDisk => _inDisk;

    /// <summary>
    /// Ends when ffmpeg has closed its output and everything is synced and final (null), or with what the disk answered. Fails by a fault of this program only.
    /// </summary>
    public Task<NativeException?> Ended => _ended.Task;

    private void Run()
    {
        NativeException? error = null;
        try
        {
            Move();
            Sync();
        }
        catch (NativeException e)
        {
            error = e;
        }
        catch (Exception e)
        {
            // This file's end, not the daemon's.
            _ended.TrySetException(e);
        }
        _from.Dispose();
        if (_finalisation is not null && !_aborted && !_ended.Task.IsCompleted)
            error = Finish(_finalisation, error);
        _ended.TrySetResult(error);
    }

    private NativeException? Finish(Finalisation finalisation, NativeException? error)
    {
        _inDisk = true;
        try
        {
            var last = finalisation.Finish(error);
            Volatile.Write(ref _bytes, _to.Length);
            return error ?? last;
        }
        catch (NativeException e)
        {
            return error ?? e;
        }
        catch (Exception e)
        {
            _ended.TrySetException(e);
            return error;
        }
        finally
        {
            _inDisk = false;
        }
    }

    private void Move()
    {
        using var poll = new PollSet();
        poll.Add(_from, PollEvents.In);
        poll.Add(_abort, PollEvents.In);
        var synced = _time.GetTimestamp();
        var unsynced = false;
        while (!_aborted)
        {
            var wait = unsynced ? _syncEvery - _time.GetElapsedTime(synced) : Timeout.InfiniteTimeSpan;
            var ready = wait != Timeout.InfiniteTimeSpan && wait <= TimeSpan.Zero
                ? false
                : poll.Wait(wait == Timeout.InfiniteTimeSpan ? -1 : (int)Math.Ceiling(wait.TotalMilliseconds));
            if (ready)
            {
                _inDisk = true;
                var moved = _from.TrySplice(_to, MaxSpliceBytes);
                _inDisk = false;
                if (moved == 0)
                    return;
                if (moved > 0)
                {
                    if (!unsynced)
                        (unsynced, synced) = (true, _time.GetTimestamp());
                    Volatile.Write(ref _bytes, _bytes + moved);
                    Follow();
                }
            }
            if (unsynced && _time.GetElapsedTime(synced) >= _syncEvery)
            {
                Sync();
                unsynced = false;
            }
        }
    }

    private void Follow()
    {
        _inDisk = true;
        _finalisation?.Follow(_bytes);
        _inDisk = false;
    }

    private void Sync()
    {
        _inDisk = true;
        var began = _time.GetTimestamp();
        try
        {
            _to.DataSync();
            _syncs?.Add(_time.GetElapsedTime(began));
        }
        finally
        {
            _inDisk = false;
        }
    }

    /// <summary>Stops moving; what is in the file stays. Waits for the thread, and so for the disk.</summary>
    public void Dispose()
    {
        _aborted = true;
        _abort.Signal();
        _thread.Join();
        _abort.Dispose();
    }
}
