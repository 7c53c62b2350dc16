using ThatDam.Agent.Capture;
using ThatDam.Agent.State;
using ThatDam.Agent.Tenancy;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Publishing;

/// <summary>
/// Tells what a camera does, each time that changes, in order and none left out. A worker of its own commits, for a camera must not wait for
/// the disk; what the state cannot take is kept and told when it takes something again.
/// </summary>
public sealed class DeviceStatePublisher : IDisposable
{
    private readonly CameraStates _states;
    private readonly EventOutbox _outbox;
    private readonly ILogger<DeviceStatePublisher> _log;
    private readonly Lock _gate = new();
    private readonly Queue<(CaptureDeviceState Event, Caller Cause)> _waiting = new();
    private Task _working = Task.CompletedTask;
    private bool _works;
    private bool _owed;

    /// <param name="states">What cameras do.</param>
    /// <param name="outbox">Where events go.</param>
    /// <param name="log">Told what cannot be told.</param>
    public DeviceStatePublisher(CameraStates states, EventOutbox outbox, ILogger<DeviceStatePublisher> log) =>
        (_states, _outbox, _log) = (states, outbox, log);

    /// <summary>From now on every change is told.</summary>
    public void Start()
    {
        _states.Moved += OnMove;
        _outbox.Added += OnCommit;
    }

    private void OnMove(CameraMove move)
    {
        var told = new CaptureDeviceState
        {
            Device = move.Device,
            State = CameraStates.Word(move.To),
            Previous = CameraStates.Word(move.From),
            StableId = move.StableId,
            Reason = move.Reason,
        };
        lock (_gate)
        {
            _waiting.Enqueue((told, Caller.Current));
            Work();
        }
    }

    // What could not be told is told when the state takes something again.
    private void OnCommit()
    {
        lock (_gate)
        {
            if (_owed)
                Work();
        }
    }

    private void Work()
    {
        if (_works)
            return;
        (_works, _owed) = (true, false);
        using (ExecutionContext.SuppressFlow())
            _working = Task.Run(Commit);
    }

    private void Commit()
    {
        while (true)
        {
            (CaptureDeviceState Event, Caller Cause) next;
            lock (_gate)
            {
                if (!_waiting.TryPeek(out next))
                {
                    _works = false;
                    return;
                }
            }
            try
            {
                _outbox.Commit(next.Event, next.Event.StableId, next.Cause);
            }
            catch (Exception e)
            {
                // Whatever it is, it is told and the daemon goes on.
                _log.LogError("{Device}: its state {State} could not be told: {Reason}", next.Event.Device, next.Event.State, e.Message);
                lock (_gate)
                    (_works, _owed) = (false, true);
                return;
            }
            lock (_gate)
                _waiting.Dequeue();
        }
    }

    /// <summary>Tells what is left, as far as the state takes it.</summary>
    public void Dispose()
    {
        _states.Moved -= OnMove;
        _outbox.Added -= OnCommit;
        Task working;
        lock (_gate)
            working = _working;
        working.Wait();
    }
}
