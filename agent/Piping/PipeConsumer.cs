using System.Collections.Immutable;
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
public sealed class PipeConsumer : IFrameConsumer, IDisposable
{
    private const long HoleLeast_us = 2_000_000;
    private const int StackBytes = 128 * 1024;
    private const int ReaderStartFrames = 3; // read by then, an encoder has been opened

    private readonly PipeWriteEnd _pipe;
    private readonly FrameEncoding _encoding;
    private readonly bool _zeroCopy;
    private readonly ReaderProgress _reader = new();
    private readonly long _halfInterval_us;
    private PipeConsumer? _after;
    private readonly long _duration_us = long.MaxValue;
    private long _seam_us = long.MaxValue;
    private readonly object _gate = new();
    private readonly Queue<Waiting> _queue = new();
    private readonly Queue<(long EndOffset, KeptFrame Frame)> _inPipe = new();
    private readonly EventDescriptor _abort = EventDescriptor.Create();
    private readonly TaskCompletionSource<ConsumerStop> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _firstFrame = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FrameAccount _account = new();
    private readonly FramePipe _frames;
    private readonly Thread _thread;
    private Waiting? _writing;
    private int _held;
    private bool _taking = true;
    private bool _aborted;
    private bool _pipeClosed;
    private long _startEnd = long.MaxValue;
    private long _first_us = -1;
    private long _last_us = -1;
    private long _seen_us = -1;
    private ImmutableList<FrameHole> _holes = [];
    private bool _disposed;

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
        _frames = new FramePipe(pipe, _encoding);
        _zeroCopy = transport.ZeroCopy;
        // A frame belongs to the recording when it begins before the end; half an interval forgives a timer's jitter.
        _halfInterval_us = (long)(mode.Fps > 0 ? 500_000 / mode.Fps : 0);
        if (duration_us is { } limit)
            _duration_us = limit - _halfInterval_us;
        _thread = new Thread(Run, StackBytes) { IsBackground = true, Name = $"pipe {name}" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Whether the reader cannot be blamed for reading nothing at this moment, such as while the disk takes none of its output.</summary>
    public Func<bool>? Excuse { get; init; }

    /// <summary>One of the same stream whose place it takes: its first frame is the one after that one's last. It waits while that one takes frames, or ends otherwise than for its time or its reader.</summary>
    public PipeConsumer? After
    {
        init => _after = value;
    }

    /// <summary>Whether it has ended in such a way that another goes on in its place.</summary>
    public bool HandsOver { get; private set; }

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

    /// <summary>The times of two seconds and more in which no frame came, in order: the camera had stalled and came round.</summary>
    public IReadOnlyList<FrameHole> Holes => Volatile.Read(ref _holes);

    /// <summary>Time between the first and the last frame taken. Microseconds.</summary>
    public long Span_us => _first_us < 0 ? 0 : Volatile.Read(ref _last_us) - Volatile.Read(ref _first_us);

    /// <summary>The account of its frames.</summary>
    public FrameCounts Counts(long written) => _account.Counts(written);

    /// <inheritdoc/>
    public void Offer(in FrameOffer offer)
    {
        lock (_gate)
        {
            if (!_taking || !IsItsTurn())
                return;
            var frame = offer.Frame;
            if (_first_us >= 0 && (frame.Timestamp_us - _first_us >= _duration_us || (frame.Timestamp_us - _first_us >= _seam_us && CanBegin(offer))))
            {
                Stop(new ConsumerStop(ConsumerStopCause.Duration));
                return;
            }
            _account.Captured(frame.Sequence);
            // Of what the camera gave, not of what we could keep.
            if (_seen_us >= 0 && frame.Timestamp_us - _seen_us > HoleLeast_us)
                _holes = _holes.Add(new FrameHole(_seen_us, frame.Timestamp_us - _seen_us));
            _seen_us = frame.Timestamp_us;
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
                return;
            }
            // A driver whose clock stands still or steps back would make a stream that no container takes.
            var pts_us = Math.Max(frame.Timestamp_us - _first_us, _last_us < 0 ? 0 : _last_us - _first_us + 1);
            _last_us = _first_us + pts_us;
            _queue.Enqueue(new Waiting(kept, payloadBytes, pts_us, key));
            Monitor.Pulse(_gate);
        }
    }

    // Both are called by the session's thread, in their order: the frame that ends one is the first of the other.
    private bool IsItsTurn()
    {
        if (_after is not { } before)
            return true;
        if (!before.HandsOver)
            return false;
        _account.Follow(before._account);
        _after = null;
        return true;
    }

    private bool CanBegin(in FrameOffer offer) => !offer.Frame.Error && _encoding.TryDescribe(offer.Bytes, out _, out var key) && key;

    /// <summary>It ends when it has so much video, with the first frame from there on that another stream can begin with. Microseconds.</summary>
    public void EndAt(long video_us)
    {
        lock (_gate)
            _seam_us = video_us - _halfInterval_us;
    }

    /// <summary>Why its reader is to be given up: there is something in its pipe, and it has read nothing for too long. Null while it reads.</summary>
    public string? Stuck()
    {
        lock (_gate)
        {
            if (_pipeClosed)
                return null;
            // In this order: what the writer adds in between makes it look as if less was read, never more.
            var written = _frames.Written;
            return _reader.Stuck(written, _pipe.Unread(), Volatile.Read(ref _startEnd), Excuse);
        }
    }

    /// <summary>Leaves out the frames that are not in the pipe yet; the one that is on its way into it goes on. They count as dropped.</summary>
    public void DropWaiting()
    {
        lock (_gate)
        {
            _account.Dropped(_queue.Count);
            while (_queue.TryDequeue(out var waiting))
                Free(waiting.Frame);
        }
    }

    /// <inheritdoc/>
    public void Reap()
    {
        lock (_gate)
        {
            // Also when no frame comes: a camera whose buffers are all in the pipe waits for its reader.
            if (Stuck() is { } why)
                Stop(new ConsumerStop(ConsumerStopCause.ReaderStuck, why));
            if (_inPipe.Count == 0 || _pipeClosed)
                return;
            // In this order: what the writer adds in between makes the answer smaller, never too large.
            var written = _frames.Written;
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
            if (!_stopped.Task.IsCompleted)
                HandsOver = reason.Cause is ConsumerStopCause.Duration or ConsumerStopCause.ReaderGone or ConsumerStopCause.ReaderStuck;
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
            _frames.Abort();
            _abort.Signal();
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Returns every frame it still keeps. Only when the reader has ended or read to the end. A second time does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        Abort(new ConsumerStop(ConsumerStopCause.Asked));
        _thread.Join();
        lock (_gate)
        {
            while (_inPipe.TryDequeue(out var entry))
                Free(entry.Frame);
        }
        _frames.Dispose();
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
                Monitor.Wait(_gate);
            }
            return null;
        }
    }

    private void WriteFrame(PollSet poll, Waiting next)
    {
        var spliced = _zeroCopy && next.Frame.IsDriverBuffer;
        var whole = _frames.Put(poll, next.Frame.Frame, next.PayloadBytes, next.Pts_us, next.Key, spliced);
        if (!whole)
            return;
        lock (_gate)
        {
            _writing = null;
            if (spliced)
                _inPipe.Enqueue((_frames.Written, next.Frame));
            else
                Free(next.Frame);
        }
        _account.IntoPipe();
        if (_account.Piped == ReaderStartFrames)
            Volatile.Write(ref _startEnd, _frames.Written);
        _firstFrame.TrySetResult();
    }

    private sealed record Waiting(KeptFrame Frame, int PayloadBytes, long Pts_us, bool Key);
}
