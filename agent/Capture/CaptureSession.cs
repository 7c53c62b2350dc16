using System.Collections.Immutable;
using System.Diagnostics;
using ThatDam.Agent.Devices;
using ThatDam.Agent.Tenancy;
using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;

namespace ThatDam.Agent.Capture;

/// <summary>
/// One streaming camera and everyone who takes its frames. A thread of its own waits for frames (poll with a stop descriptor), offers
/// each to every consumer and gives the buffers back to the driver. A stream that stalls is started again, once. It ends when that does not
/// help, when the device is lost, when its source is another one, or when it is disposed. Ended, it gives the device up: it can be opened
/// anew while consumers still read its buffers.
/// </summary>
public sealed class CaptureSession : IDisposable
{
    private const int StackBytes = 256 * 1024;
    private const int Look_ms = 1000;

    private readonly IFrameSource _source;
    private readonly CameraSlot _slot;
    private readonly CameraStates _states;
    private readonly EventDescriptor _wake = EventDescriptor.Create();
    private readonly BufferLedger _ledger;
    private readonly CopyBudget _copies;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Caller _opener = Caller.Daemon;
    private Thread? _thread;
    private ImmutableArray<IFrameConsumer> _consumers = [];
    private volatile bool _stopping;
    private volatile StreamEnd? _end;

    /// <summary>Takes ownership of the source, whose mode is set; it streams from the first consumer on.</summary>
    internal CaptureSession(Device device, IFrameSource source, Transport transport, CameraSlot slot, CameraStates states, ILogger log)
    {
        Device = device;
        _source = source;
        Transport = transport;
        _slot = slot;
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

    /// <summary>Done when it has ended by itself and another may open the device.</summary>
    internal Task GivenUp => _givenUp.Task;

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
        _opener = Caller.Current;
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
        catch (NativeException e)
        {
            end = IsGone(e)
                ? new StreamEnd(StreamEndCause.DeviceLost, $"{Device.Node} was unplugged")
                : new StreamEnd(StreamEndCause.Failed, $"{Device.Node} stalled: {e.Message}");
        }
        catch (Exception e)
        {
            // This camera's end, not the daemon's.
            end = new StreamEnd(StreamEndCause.Failed, $"a fault of this program: {e.Message}");
        }
        _slot.Ladder.Ends();
        if (end.Cause != StreamEndCause.Left)
            _states.Move(Device.Node, Device.StableId, CameraState.Lost, end.Detail);
        ImmutableArray<IFrameConsumer> left;
        lock (_gate)
        {
            _end = end;
            left = _consumers;
            Consume([]);
        }
        foreach (var consumer in left)
            consumer.Ended(end);
        _source.GiveUp();
        _givenUp.TrySetResult();
    }

    // Some drivers say EIO of a camera that is gone.
    private bool IsGone(NativeException e) =>
        e.Errno is Errno.ENODEV or Errno.ENXIO || (Device.Kind == DeviceKind.V4L2 && !File.Exists(Device.Node));

    private StreamEnd Stream()
    {
        using var poll = new PollSet();
        var frames = poll.Add(_source.Readiness, _source.TellsChanges ? PollEvents.In | PollEvents.Priority : PollEvents.In);
        var wake = poll.Add(_wake, PollEvents.In);
        var watch = new StreamWatch(Mode.Fps, Now_ms());
        _slot.Frames.Begin();
        while (!_stopping)
        {
            poll.Wait(Math.Min(Look_ms, watch.Wait_ms(Now_ms())));
            if (poll.Found(wake) != PollEvents.None)
                _wake.Reset();
            Requeue();
            var found = poll.Found(frames);
            if ((found & PollEvents.Priority) != 0 && _source.SourceChange() is { } change)
                return Changed(change);
            if (found != PollEvents.None && TakeFrames(watch))
                continue;
            // POLLERR without a frame: unplugged, or every buffer is out and the driver has none to fill, which passes.
            if ((found & PollEvents.Error) != 0)
            {
                if (_ledger.Out < _source.BufferCount)
                    return new StreamEnd(StreamEndCause.DeviceLost, $"{Device.Node} was unplugged or its stream was stopped");
                WaitForReturn();
            }
            else
                Reap();
            if (Watched(watch) is { } end)
                return end;
        }
        return new StreamEnd(StreamEndCause.Left, null);
    }

    private bool TakeFrames(StreamWatch watch)
    {
        var took = false;
        while (!_stopping && _source.TryDequeue(out var frame))
        {
            took = true;
            _ledger.Taken(frame.Index);
            _slot.Frames.Count(frame);
            if (watch.Frame(Now_ms()))
                Streams();
            Share(frame);
            Requeue();
        }
        return took;
    }

    // Who asked for the stream caused that it streams.
    private void Streams()
    {
        _slot.Streams();
        Caller.Enter(_opener);
        _states.Move(Device.Node, Device.StableId, CameraState.Streaming);
        Caller.Enter(_opener = Caller.Daemon);
    }

    /// <summary>What becomes of a stream that brings no frame; null: it goes on.</summary>
    private StreamEnd? Watched(StreamWatch watch)
    {
        var now_ms = Now_ms();
        if (_ledger.IsAllKept)
            watch.Excuse(now_ms);
        var verdict = watch.Look(now_ms);
        if (verdict == StreamVerdict.Runs)
            return null;
        var silence = watch.Silence(now_ms);
        _states.Move(Device.Node, Device.StableId, CameraState.Stalled, silence);
        if (_source.SignalProblem() is { } fault)
            return Changed(fault);
        if (verdict == StreamVerdict.Over)
            return new StreamEnd(StreamEndCause.Failed, $"{Device.Node} stalled: {silence}, though its stream was started again");
        _states.Count(Device.StableId, "restart");
        _log.LogWarning("{Device}: recovery: {Silence}, its stream is restarted", Device.Node, silence);
        Requeue();
        _source.Restart(_ledger.IsOut);
        _slot.Frames.Begin();
        watch.Restarted(Now_ms());
        return null;
    }

    private StreamEnd Changed(string change) => new(StreamEndCause.SourceChanged, $"{Device.Node}: {change}");

    private static long Now_ms() => Stopwatch.GetTimestamp() / 1_000_000; // CLOCK_MONOTONIC, in nanoseconds on Linux

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
    }
}
