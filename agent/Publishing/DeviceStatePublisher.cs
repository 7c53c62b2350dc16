using ThatDam.Agent.Capture;
using ThatDam.Agent.Devices;
using ThatDam.Agent.State;
using ThatDam.Agent.Tenancy;
using ThatDam.Contract;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Publishing;

/// <summary>Tells what a camera does, each time that changes: idle, streaming, unavailable, offline.</summary>
public sealed class DeviceStatePublisher : IDisposable
{
    private const string Offline = "offline";

    private readonly DeviceCatalog _devices;
    private readonly SessionRegistry _sessions;
    private readonly EventOutbox _outbox;
    private readonly ILogger<DeviceStatePublisher> _log;
    private readonly Lock _gate = new();
    private Dictionary<string, (string Node, string State)> _told = []; // by stable id
    private volatile bool _owed;

    public DeviceStatePublisher(DeviceCatalog devices, SessionRegistry sessions, EventOutbox outbox, ILogger<DeviceStatePublisher> log) =>
        (_devices, _sessions, _outbox, _log) = (devices, sessions, outbox, log);

    /// <summary>From now on every change is told. What the devices do now is in the list.</summary>
    public void Start()
    {
        lock (_gate)
            _told = Now().ToDictionary(device => device.StableId, device => (device.Id, device.State));
        _devices.Changed += OnDevices;
        _sessions.Changed += OnSessions;
        _outbox.Added += OnCommit;
    }

    // What could not be told is told when the state takes something again.
    private void OnCommit()
    {
        if (_owed)
            _ = Task.Run(() => Compare(Caller.Daemon));
    }

    // A device that comes or goes was not caused by the request in which that was seen; one that streams was.
    private void OnDevices() => Compare(Caller.Daemon);

    private void OnSessions() => Compare(Caller.Current);

    private IEnumerable<DeviceSummary> Now() => DeviceSummaries.List(_devices, _sessions, all: false).Devices.DistinctBy(device => device.StableId);

    private void Compare(Caller cause)
    {
        // In the order in which it happened, so one at a time.
        lock (_gate)
        {
            var now = Now().ToDictionary(device => device.StableId);
            var changes = now.Values.Where(device => _told.GetValueOrDefault(device.StableId).State != device.State)
                .Select(device => Change(device.StableId, device.Id, device.State, device.Problem))
                .Concat(_told.Where(told => told.Value.State != Offline && !now.ContainsKey(told.Key)).Select(told => Change(told.Key, told.Value.Node, Offline, null)))
                .ToList();
            _owed = false;
            foreach (var change in changes)
            {
                try
                {
                    _outbox.Commit(change, change.StableId, cause);
                    _told[change.StableId!] = (change.Device, change.State);
                }
                catch (ProblemException e)
                {
                    _owed = true;
                    _log.LogError("{Device}: its state {State} could not be told: {Reason}", change.Device, change.State, e.Message);
                }
            }
        }
    }

    private CaptureDeviceState Change(string stableId, string node, string state, string? reason) =>
        new() { Device = node, State = state, Previous = _told.TryGetValue(stableId, out var told) ? told.State : null, StableId = stableId, Reason = reason };

    /// <inheritdoc/>
    public void Dispose()
    {
        _devices.Changed -= OnDevices;
        _sessions.Changed -= OnSessions;
        _outbox.Added -= OnCommit;
    }
}
