using System.Collections.Immutable;
using System.Globalization;
using ThatDam.Agent.Devices;
using ThatDam.Agent.Tenancy;
using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;

namespace ThatDam.Agent.Capture;

/// <summary>
/// One streaming camera and everyone who takes its frames. A thread of its own waits for frames (poll with a stop descriptor), offers
/// each to every consumer and gives the buffers back to the driver. A stream that stalls is restarted once. It ends when the device is
/// lost, when that did not help, when its signal is another one, or when it is disposed.
/// </summary>
public sealed class CaptureSession : IDisposable
{
    private const int StackBytes = 256 * 1024;
    private const int Look_ms = 1000;

    private readonly IFrameSource _source;
    private readonly CameraStates _states;
    private readonly EventDescriptor _wake = EventDescriptor.Create();
    private readonly BufferLedger _ledger;
    private readonly CopyBudget _copies;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private Thread? _thread;
    private ImmutableArray<IFrameConsumer> _consumers = [];
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _stopping;
    private StreamEnd? _end;
    private long _streamed_ms;

    /// <summary>Takes ownership of the source, whose mode is set; it streams from the first consumer on.</summary>
    internal CaptureSession(Device device, IFrameSource source, Transport transport, CameraStates states, ILogger log)
    {
        Device = device;
        _source = source;
        Transport = transport;
        _states = states;
        _log = log;
        _ledger = new BufferLedger(source.BufferCount, source.LeavesBuffersAlone, _wake);
        _copies = new CopyBudget(source.Mode.FrameBytes);
    }

    /// <summary>The camera.</summary>
    public Device Device { get; }

    /// <summary>The mode it streams in.</summary>
    public CaptureMode Mode => _source.Mode;

    /// <summary>How its frames get into pipes.</summary>
    public Transport Transport { get; }

    /// <summary>Driver buffers.</summary>
    public int Buffers => _source.BufferCount;

    /// <summary>Who takes its frames now.</summary>
    public IReadOnlyList<IFrameConsumer> Consumers => _consumers;

    /// <summary>Whether it has ended by itself.</summary>
    public bool HasEnded => _end is not null;

    /// <summary>How long frames have come.</summary>
    internal TimeSpan Streamed => TimeSpan.FromMilliseconds(Volatile.Read(ref _streamed_ms));

    /// <summary>Done when the device is closed.</summary>
    internal Task Closed => _closed.Task;

    /// <summary>
    /// Adds a consumer; its first frame is the next one. The first consumer starts the stream, so that it gets the very first frame. Of an
    /// ended session it is told at once.
    /// </summary>
    /// <exception cref="NativeException">The driver refuses to stream; the consumer is not added.</exception>
    internal void Add(IFrameConsumer consumer)
    {
        StreamEnd? end;
        lock (_gate)
        {
            end = _end;
            if (end is null)
            {
                Consume(_consumers.Add(consumer));
                if (_thread is null)
                    Begin();
            }
        }
        if (end is not null)
            consumer.Ended(end);
    }

    /// <summary>Removes a consumer: no frame is offered to it after this returns. What it holds it may keep until the session is disposed.</summary>
    internal void Remove(IFrameConsumer consumer)
    {
        lock (_gate)
            Consume(_consumers.Remove(consumer));
    }

    private void Begin()
    {
        try
        {
            _source.Start();
        }
        catch
        {
            Consume([]);
            throw;
        }
        _thread = new Thread(Run, StackBytes) { IsBackground = true, Name = $"capture {Device.ShortName}" };
        _thread.Start();
    }

    private void Consume(ImmutableArray<IFrameConsumer> consumers)
    {
        _consumers = consumers;
        _ledger.SetConsumers(consumers.Length);
    }

    private void Run()
    {
        // Its thread outlives the request that began it.
        Caller.Enter(Caller.Daemon);
        StreamEnd end;
        try
        {
            end = Stream();
        }
        catch (NativeException e) when (e.Errno is Errno.ENODEV or Errno.ENXIO)
        {
            end = new StreamEnd(StreamEndCause.DeviceLost, $"{Device.Node} was unplugged");
        }
        catch (NativeException e)
        {
            end = new StreamEnd(StreamEndCause.Failed, e.Message);
        }
        catch (Exception e)
        {
            // This camera's end, not the daemon's.
            end = new StreamEnd(StreamEndCause.Failed, $"a fault of this program: {e.Message}");
        }
        if (end.Cause != StreamEndCause.Left)
            Move(CameraState.Lost, end.Detail);
        ImmutableArray<IFrameConsumer> left;
        lock (_gate)
        {
            _end = end;
            left = _consumers;
            Consume([]);
        }
        foreach (var consumer in left)
            consumer.Ended(end);
    }

    private void Move(CameraState to, string? reason = null) => _states.Move(Device.Node, Device.StableId, to, reason);

    private StreamEnd Stream()
    {
        using var poll = new PollSet();
        var frames = poll.Add(_source.Readiness, PollEvents.In | PollEvents.Priority);
        var wake = poll.Add(_wake, PollEvents.In);
        var watch = new StreamWatch(Mode.Fps, Environment.TickCount64);
        while (!_stopping)
        {
            poll.Wait(Look_ms);
            if (poll.Found(wake) != PollEvents.None)
                _wake.Reset();
            Requeue();
            var found = poll.Found(frames);
            if ((found & PollEvents.Priority) != 0 && _source.SourceChange() is { } change)
                return new StreamEnd(StreamEndCause.SourceChanged, $"{Device.Node}: {change}");
            var took = false;
            while ((found & ~PollEvents.Priority) != 0 && !_stopping && _source.TryDequeue(out var frame))
            {
                took = true;
                _ledger.Taken(frame.Index);
                Delivered(watch);
                Share(frame);
                Requeue();
            }
            if (took)
                continue;
            Reap();
            // POLLERR without a frame: unplugged, or every buffer is out and the driver has none to fill, which passes.
            if ((found & PollEvents.Error) != 0)
            {
                if (_ledger.Out < _source.BufferCount)
                    return new StreamEnd(StreamEndCause.DeviceLost, $"{Device.Node} was unplugged or its stream was stopped");
                WaitForReturn();
            }
            if (_ledger.Out >= _source.BufferCount)
                watch.Excuse(Environment.TickCount64);
            if (Stalled(watch) is { } end)
                return end;
        }
        return new StreamEnd(StreamEndCause.Left, null);
    }

    private void Delivered(StreamWatch watch)
    {
        if (!watch.HasFrames || watch.IsStalled)
            Move(CameraState.Streaming);
        watch.Frame(Environment.TickCount64);
        Volatile.Write(ref _streamed_ms, watch.Streamed_ms);
    }

    /// <summary>The first rung of recovery; the others are climbed by who opens the camera anew.</summary>
    private StreamEnd? Stalled(StreamWatch watch)
    {
        var limit_s = watch.Limit_ms / 1000;
        var verdict = watch.Look(Environment.TickCount64);
        if (verdict == StreamVerdict.Patience)
            return null;
        var silent = string.Create(CultureInfo.InvariantCulture, $"no frame for {limit_s:0.#} s");
        if (verdict == StreamVerdict.Restart)
            Move(CameraState.Stalled, silent);
        if (_source.SignalProblem() is { } word)
            return new StreamEnd(StreamEndCause.SourceChanged, $"{Device.Node}: {word}");
        if (verdict == StreamVerdict.GiveUp)
            return new StreamEnd(StreamEndCause.Failed, $"{Device.Node} stalled: {silent}, and to restart its stream did not help");
        _states.Count(Device.StableId, "restart");
        _log.LogWarning("{Device}: recovery: {Silence}, its stream is restarted", Device.Node, silent);
        Requeue();
        _source.Restart(_ledger.IsOut);
        return null;
    }

    private void Share(in CapturedFrame frame)
    {
        ImmutableArray<IFrameConsumer> consumers;
        lock (_gate)
        {
            consumers = _consumers;
            // Offered under the lock, so that Remove returns only between two frames. Nothing in an offer blocks.
            foreach (var consumer in consumers)
                consumer.Reap();
            var offer = new FrameOffer(_ledger, _copies, frame);
            foreach (var consumer in consumers)
                consumer.Offer(offer);
        }
        _ledger.Release(frame.Index);
    }

    private void Requeue()
    {
        while (_ledger.TryTakeReturned(out var index))
            _source.Queue(index);
    }

    private void WaitForReturn()
    {
        using var poll = new PollSet();
        poll.Add(_wake, PollEvents.In);
        poll.Wait(100);
        Reap();
    }

    private void Reap()
    {
        lock (_gate)
        {
            foreach (var consumer in _consumers)
                consumer.Reap();
        }
    }

    /// <summary>Stops the stream and unmaps the buffers. No consumer may still read one.</summary>
    public void Dispose()
    {
        if (_stopping)
            return;
        _stopping = true;
        _wake.Signal();
        _thread?.Join();
        _source.Dispose();
        _copies.Dispose();
        _wake.Dispose();
        _closed.TrySetResult();
    }
}
