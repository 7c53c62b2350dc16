using ThatDam.Agent.Capture;
using ThatDam.Agent.State;
using ThatDam.Agent.Tenancy;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Publishing;

/// <summary>Tells each state that a camera comes into, in order. What the state directory does not take is told when it takes something again.</summary>
public sealed class DeviceStatePublisher : IDisposable
{
    private readonly CameraStates _states;
    private readonly EventOutbox _outbox;
    private readonly TimeProvider _time;
    private readonly ILogger<DeviceStatePublisher> _log;
    private readonly Lock _gate = new();
    private readonly Queue<(CaptureDeviceState State, Caller Cause)> _owed = new();
    private Task _telling = Task.CompletedTask;
    private bool _idle = true;

    /// <summary>A publisher that tells nothing yet.</summary>
    /// <param name="states">What the cameras do.</param>
    /// <param name="outbox">The events' way out.</param>
    /// <param name="time">The clock: an event bears the moment of the move, whenever it can be committed.</param>
    /// <param name="log">Told what cannot be told.</param>
    public DeviceStatePublisher(CameraStates states, EventOutbox outbox, TimeProvider time, ILogger<DeviceStatePublisher> log) =>
        (_states, _outbox, _time, _log) = (states, outbox, time, log);

    /// <summary>From now on every move is told. What the cameras do now is in the device list.</summary>
    public void Start()
    {
        _states.Moved += OnMove;
        _outbox.Added += OnCommit;
    }

    // Under the states' lock: the disk is written elsewhere.
    private void OnMove(CameraMove move)
    {
        var state = new CaptureDeviceState
        {
            Ts = _time.GetUtcNow(),
            Device = move.Device,
            State = CameraStates.Word(move.To),
            Previous = CameraStates.Word(move.From),
            StableId = move.StableId,
            Reason = move.Reason,
        };
        lock (_gate)
        {
            _owed.Enqueue((state, Caller.Current));
            Tell();
        }
    }

    private void OnCommit()
    {
        lock (_gate)
        {
            if (_owed.Count > 0)
                Tell();
        }
    }

    private void Tell()
    {
        if (!_idle)
            return;
        _idle = false;
        _telling = Task.Run(Drain);
    }

    private void Drain()
    {
        while (true)
        {
            (CaptureDeviceState State, Caller Cause) next;
            lock (_gate)
            {
                if (!_owed.TryPeek(out next))
                {
                    _idle = true;
                    return;
                }
            }
            try
            {
                _outbox.Commit(next.State, next.State.StableId, next.Cause);
            }
            catch (Exception e)
            {
                // Whatever it is: it is told, and kept.
                _log.LogError("{Device}: its state {State} could not be told: {Reason}", next.State.Device, next.State.State, e.Message);
                lock (_gate)
                    _idle = true;
                return;
            }
            lock (_gate)
                _owed.Dequeue();
        }
    }

    /// <summary>Ends when everything that can be told is told.</summary>
    internal Task Told()
    {
        lock (_gate)
            return _telling;
    }

    /// <summary>Tells what is still to be told, and then no more.</summary>
    public void Dispose()
    {
        _states.Moved -= OnMove;
        _outbox.Added -= OnCommit;
        Told().GetAwaiter().GetResult();
    }
}
