using System.Runtime.InteropServices;
using ThatDam.Agent.Capture;
using ThatDam.Contract;
using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;
using ThatDam.Native.Pipes;

namespace ThatDam.Agent.Piping;

/// <summary>
/// Writes a camera's frames as a NUT stream into the pipe of a reader that read()s, such as ffmpeg. A thread of its own writes; the
/// session's thread only queues. In zero-copy mode the pipe holds the driver's own pages, so a buffer goes back to the driver only when
/// the reader has read past it: when bytes written less bytes unread reach the frame's end. A frame that finds no driver buffer to spare is
/// copied, and dropped whole, and counted, when the camera's copies have reached their limit.
/// </summary>
public sealed unsafe class PipeConsumer : IFrameConsumer, IDisposable
{
    private const int StackBytes = 128 * 1024;
    private const int HeaderSlots = 64; // more than a driver has buffers (VIDEO_MAX_FRAME, 32): a spliced frame keeps its slot while it holds one
    private const int ReaderStartLimit_ms = 60_000; // an overloaded machine takes its time to start a program
    private const int ReaderStuckLimit_ms = 4_000;
    private const int ReaderExcusedLimit_ms = 60_000;
    private const int ReaderStartFrames = 3; // read by then, an encoder has been opened

    private readonly PipeWriteEnd _pipe;
    private readonly FrameEncoding _encoding;
    private readonly bool _zeroCopy;
    private readonly long _duration_us;
    private readonly object _gate = new();
    private readonly Queue<Waiting> _queue = new();
    private readonly Queue<(long EndOffset, KeptFrame Frame)> _inPipe = new();
    private readonly EventDescriptor _abort = EventDescriptor.Create();
    private readonly TaskCompletionSource<ConsumerStop> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _firstFrame = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FrameAccount _account = new();
    private readonly byte* _headers = (byte*)NativeMemory.AlignedAlloc(HeaderSlots * NutStream.MaxFrameHeaderBytes, 4096);
    private readonly Thread _thread;
    private Waiting? _writing;
    private int _held;
    private int _headerSlot;
    private bool _taking = true;
    private bool _aborted;
    private bool _pipeClosed;
    private bool _headerWritten;
    private long _written;
    private long _startEnd = long.MaxValue;
    private long _progress_ms = Environment.TickCount64;
    private long _first_us = -1;
    private long _last_us = -1;

    /// <param name="name">Who it is, for messages.</param>
    /// <param name="mode">The camera's mode.</param>
    /// <param name="transport">How frames get into the pipe.</param>
    /// <param name="pipe">The reader's input; owned from here on, and closed when all frames are in it.</param>
    /// <param name="duration_us">Microseconds of video to take; null for no end.</param>
    public PipeConsumer(string name, CaptureMode mode, Transport transport, PipeWriteEnd pipe, long? duration_us)
    {
        Name = name;
        _pipe = pipe;
        _pipe.SetNonBlocking(true);
        _encoding = new FrameEncoding(mode);
        _zeroCopy = transport.ZeroCopy;
        // A frame belongs to the recording when it begins before the end; half an interval forgives a timer's jitter.
        _duration_us = duration_us is { } limit ? limit - (long)(mode.Fps > 0 ? 500_000 / mode.Fps : 0) : long.MaxValue;
        _thread = new Thread(Run, StackBytes) { IsBackground = true, Name = $"pipe {name}" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Whether the reader cannot be blamed for reading nothing at this moment, such as while the disk takes none of its output.</summary>
    public Func<bool>? Excuse { get; init; }

    /// <summary>Ends when the first whole frame is in the pipe.</summary>
    public Task FirstFrame => _firstFrame.Task;

    /// <summary>Ends with the reason when it takes no more frames.</summary>
    public Task<ConsumerStop> Stopped => _stopped.Task;

    /// <summary>Ends when its pipe is closed: after <see cref="Stop"/> every frame it had taken is in it.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Whole frames in the pipe so far.</summary>
    public long Piped => _account.Piped;

    /// <summary>When the first frame taken was captured, CLOCK_MONOTONIC, microseconds; negative while there is none.</summary>
    public long First_us => Volatile.Read(ref _first_us);

    /// <summary>When the last frame taken was captured.</summary>
    public long Last_us => Volatile.Read(ref _last_us);

    /// <summary>Time between the first and the last frame taken. Microseconds.</summary>
    public long Span_us => _first_us < 0 ? 0 : Volatile.Read(ref _last_us) - Volatile.Read(ref _first_us);

    /// <summary>The account of its frames.</summary>
    public FrameCounts Counts(long written) => _account.Counts(written);

    /// <inheritdoc/>
    public void Offer(in FrameOffer offer)
    {
        lock (_gate)
        {
            if (!_taking)
                return;
            var frame = offer.Frame;
            if (_first_us >= 0 && frame.Timestamp_us - _first_us >= _duration_us)
            {
                Stop(new ConsumerStop(ConsumerStopCause.Duration));
                return;
            }
            _account.Captured(frame.Sequence);
            if (frame.Error)
            {
                _account.Error();
                return;
            }
            if (!_encoding.TryDescribe(offer.Bytes, out var payloadBytes, out var key))
            {
                _account.Dropped();
                return;
            }
            if (_first_us < 0)
                _first_us = frame.Timestamp_us;
            KeptFrame kept;
            if (offer.TryHold(_held, out kept))
                _held++;
            else if (!offer.TryCopy(out kept))
            {
                _account.Dropped();
                CheckStuck();
                return;
            }
            // A driver whose clock stands still or steps back would make a stream that no container takes.
            var pts_us = Math.Max(frame.Timestamp_us - _first_us, _last_us < 0 ? 0 : _last_us - _first_us + 1);
            _last_us = _first_us + pts_us;
            if (IsIdle)
                _progress_ms = Environment.TickCount64;
            _queue.Enqueue(new Waiting(kept, payloadBytes, pts_us, key));
            Monitor.Pulse(_gate);
            CheckStuck();
        }
    }

    private bool IsIdle => _queue.Count == 0 && _writing is null;

    private void CheckStuck()
    {
        if (Stuck() is { } why)
            Stop(new ConsumerStop(ConsumerStopCause.ReaderStuck, why));
    }

    /// <summary>Why its reader is to be given up: frames wait for it, and it has read nothing for too long. Null while it reads.</summary>
    public string? Stuck()
    {
        lock (_gate)
        {
            // A camera that delivers nothing is not its reader's fault.
            if (IsIdle || _pipeClosed)
                return null;
            var still_ms = Environment.TickCount64 - Volatile.Read(ref _progress_ms);
            if (still_ms <= ReaderStuckLimit_ms)
                return null;
            var read = Volatile.Read(ref _written) - _pipe.Unread();
            var limit_ms = read < Volatile.Read(ref _startEnd) ? ReaderStartLimit_ms
                : Excuse?.Invoke() == true ? ReaderExcusedLimit_ms
                : ReaderStuckLimit_ms;
            return still_ms > limit_ms ? $"it read nothing for {limit_ms / 1000} s" : null;
        }
    }

    /// <inheritdoc/>
    public void Reap()
    {
        lock (_gate)
        {
            if (_inPipe.Count == 0 || _pipeClosed)
                return;
            // In this order: what the writer adds in between makes the answer smaller, never too large.
            var written = Volatile.Read(ref _written);
            var read = written - _pipe.Unread();
            while (_inPipe.TryPeek(out var entry) && entry.EndOffset <= read)
            {
                _inPipe.Dequeue();
                Free(entry.Frame);
            }
        }
    }

    /// <inheritdoc/>
    public void Ended(StreamEnd end) => Stop(end.Cause switch
    {
        StreamEndCause.DeviceLost => new ConsumerStop(ConsumerStopCause.DeviceLost, end.Detail),
        StreamEndCause.SourceChanged => new ConsumerStop(ConsumerStopCause.SourceChanged, end.Detail),
        StreamEndCause.Failed => new ConsumerStop(ConsumerStopCause.StreamFailed, end.Detail),
        _ => new ConsumerStop(ConsumerStopCause.Asked),
    });

    /// <summary>Takes no more frames; those taken still go into the pipe, which is then closed. The first reason counts.</summary>
    public void Stop(ConsumerStop reason)
    {
        lock (_gate)
        {
            _taking = false;
            _stopped.TrySetResult(reason);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Gives up the frames that are not in the pipe yet, counts them as dropped, and closes the pipe at once.</summary>
    public void Abort(ConsumerStop reason)
    {
        Stop(reason);
        lock (_gate)
        {
            _aborted = true;
            _abort.Signal();
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Returns every frame it still keeps. Only when the reader has ended or read to the end.</summary>
    public void Dispose()
    {
        Abort(new ConsumerStop(ConsumerStopCause.Asked));
        _thread.Join();
        lock (_gate)
        {
            while (_inPipe.TryDequeue(out var entry))
                Free(entry.Frame);
        }
        NativeMemory.AlignedFree(_headers);
        _abort.Dispose();
    }

    private void Free(in KeptFrame frame)
    {
        if (frame.IsDriverBuffer)
            _held--;
        frame.Release();
    }

    private void Run()
    {
        try
        {
            using var poll = new PollSet();
            poll.Add(_pipe, PollEvents.Out);
            poll.Add(_abort, PollEvents.In);
            while (TakeNext() is { } next)
                WriteFrame(poll, next);
        }
        catch (NativeException e)
        {
            Stop(new ConsumerStop(ConsumerStopCause.ReaderGone, e.Errno == Errno.EPIPE ? "it closed its input" : e.Message));
        }
        catch (Exception e)
        {
            // One recording's end, not the daemon's.
            Stop(new ConsumerStop(ConsumerStopCause.StreamFailed, $"a fault of this program: {e.Message}"));
        }
        lock (_gate)
        {
            if (_writing is { } cut)
            {
                _account.Dropped();
                // Part of it may be in the pipe: the reader must be gone before the driver has it back.
                _inPipe.Enqueue((long.MaxValue, cut.Frame));
                _writing = null;
            }
            _account.Dropped(_queue.Count);
            while (_queue.TryDequeue(out var waiting))
                Free(waiting.Frame);
            _taking = false;
            _pipeClosed = true;
            _pipe.Dispose();
        }
        _firstFrame.TrySetCanceled();
        _drained.TrySetResult();
    }

    private Waiting? TakeNext()
    {
        lock (_gate)
        {
            while (!_aborted)
            {
                if (_queue.TryDequeue(out var next))
                    return _writing = next;
                if (!_taking)
                    return null;
                _progress_ms = Environment.TickCount64;
                Monitor.Wait(_gate);
            }
            return null;
        }
    }

    private void WriteFrame(PollSet poll, Waiting next)
    {
        if (!_headerWritten)
        {
            WriteAll(poll, _encoding.Header());
            _headerWritten = true;
        }
        var spliced = _zeroCopy && next.Frame.IsDriverBuffer;
        var whole = spliced ? SpliceFrame(poll, next) : CopyFrame(poll, next);
        if (!whole)
            return;
        lock (_gate)
        {
            _writing = null;
            if (spliced)
                _inPipe.Enqueue((_written, next.Frame));
            else
                Free(next.Frame);
        }
        _account.IntoPipe();
        if (_account.Piped == ReaderStartFrames)
            Volatile.Write(ref _startEnd, _written);
        _firstFrame.TrySetResult();
    }

    // The pipe refers to the header as to the frame, so it must not change before both are read.
    private bool SpliceFrame(PollSet poll, Waiting next)
    {
        var header = _headers + (_headerSlot++ % HeaderSlots * NutStream.MaxFrameHeaderBytes);
        var bytes = NutStream.FrameHeader(new Span<byte>(header, NutStream.MaxFrameHeaderBytes), next.Pts_us, next.PayloadBytes, next.Key);
        return Splice(poll, new MemoryRange((nint)header, bytes), new MemoryRange(next.Frame.Frame.Address, next.PayloadBytes));
    }

    private bool CopyFrame(PollSet poll, Waiting next)
    {
        Span<byte> header = stackalloc byte[NutStream.MaxFrameHeaderBytes];
        var bytes = NutStream.FrameHeader(header, next.Pts_us, next.PayloadBytes, next.Key);
        return WriteAll(poll, header[..bytes]) && WriteAll(poll, _encoding.Pack(next.Frame.Frame, next.PayloadBytes));
    }

    private bool Splice(PollSet poll, MemoryRange header, MemoryRange payload)
    {
        Span<MemoryRange> ranges = [header, payload];
        while (ranges.Length > 0)
        {
            var taken = _pipe.TryVmsplice(ranges);
            if (taken < 0)
            {
                if (!WaitForRoom(poll))
                    return false;
                continue;
            }
            Wrote(taken);
            while (ranges.Length > 0 && taken >= ranges[0].Length)
            {
                taken -= ranges[0].Length;
                ranges = ranges[1..];
            }
            if (ranges.Length > 0)
                ranges[0] = new MemoryRange(ranges[0].Address + (nint)taken, ranges[0].Length - (nint)taken);
        }
        return true;
    }

    private bool WriteAll(PollSet poll, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var taken = _pipe.TryWrite(bytes);
            if (taken < 0)
            {
                if (!WaitForRoom(poll))
                    return false;
                continue;
            }
            Wrote(taken);
            bytes = bytes[(int)taken..];
        }
        return true;
    }

    private void Wrote(long bytes)
    {
        Volatile.Write(ref _written, _written + bytes);
        Volatile.Write(ref _progress_ms, Environment.TickCount64);
    }

    private bool WaitForRoom(PollSet poll)
    {
        if (Volatile.Read(ref _aborted))
            return false;
        poll.Wait();
        return !Volatile.Read(ref _aborted);
    }

    private sealed record Waiting(KeptFrame Frame, int PayloadBytes, long Pts_us, bool Key);
}
