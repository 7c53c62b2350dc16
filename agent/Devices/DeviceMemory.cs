using ThatDam.Agent.State;
using ThatDam.Contract;

namespace ThatDam.Agent.Devices;

/// <summary>
/// The cameras that were here: one that is gone stays in the list as offline until it is forgotten, over restarts too. Virtual cameras and
/// what does not capture are not remembered. A store that cannot be written costs nothing but a line in the log. For any thread.
/// </summary>
internal sealed class DeviceMemory
{
    // What a crash may cost of the time when a camera was last seen.
    private static readonly TimeSpan RewriteAfter = TimeSpan.FromHours(1);

    private readonly KnownDeviceStore? _store;
    private readonly TimeSpan _forgetAfter;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly Lock _writing = new();
    private readonly Dictionary<string, Device> _known = []; // by stable id, as it was when it could last be read
    private readonly HashSet<string> _unwritten = []; // stable ids
    private long _rewritten;

    /// <summary>Reads what is stored, and forgets what is due.</summary>
    public DeviceMemory(KnownDeviceStore? store, TimeSpan forgetAfter, TimeProvider time, ILogger log)
    {
        (_store, _forgetAfter, _time, _log) = (store, forgetAfter, time, log);
        _rewritten = time.GetTimestamp();
        try
        {
            foreach (var device in store?.List() ?? [])
                _known[device.StableId] = Restored(device);
        }
        catch (ProblemException e)
        {
            Told(e);
        }
        Forget(new HashSet<string>());
        Write();
    }

    /// <summary>Cameras that are not among the present ones, offline, by stable id.</summary>
    public IReadOnlyList<Device> Offline(IReadOnlySet<string> present)
    {
        lock (_gate)
            return [.. _known.Values.Where(device => !present.Contains(device.StableId)).OrderBy(device => device.StableId, StringComparer.Ordinal).Select(Gone)];
    }

    /// <summary>A device is there. One that could not be opened may be anything, so it changes nothing.</summary>
    /// <param name="device">The device.</param>
    /// <param name="isNew">Whether it has just come.</param>
    public void See(Device device, bool isNew)
    {
        if (_forgetAfter <= TimeSpan.Zero || device.IsBeingRead || device.Kind != DeviceKind.V4L2 || device.Role != DeviceRole.Capture || (device.Problem is not null && device.Bus.Length == 0))
            return;
        lock (_gate)
        {
            isNew |= !_known.TryGetValue(device.StableId, out var known) || !known.IsSameAs(device with { Inputs = known.Inputs });
            _known[device.StableId] = device;
            if (isNew)
                _unwritten.Add(device.StableId);
        }
    }

    /// <summary>One that has not said yet what it can do, with what it could do last time.</summary>
    public Device Presumed(Device device)
    {
        lock (_gate)
            return device.IsBeingRead && _known.TryGetValue(device.StableId, out var known) ? device with { Modes = known.Modes, Inputs = Gone(known).Inputs } : device;
    }

    /// <summary>A device has gone.</summary>
    public void Lose(string stableId, DateTimeOffset lastSeen)
    {
        lock (_gate)
        {
            if (!_known.TryGetValue(stableId, out var known))
                return;
            _known[stableId] = known with { LastSeen = lastSeen };
            _unwritten.Add(stableId);
        }
    }

    /// <summary>
    /// Forgets those that are gone for long enough, by the wall clock; and sees to it that what is stored of those that are there is not older
    /// than an hour.
    /// </summary>
    public void Forget(IReadOnlySet<string> present)
    {
        lock (_gate)
        {
            var limit = _time.GetUtcNow() - _forgetAfter;
            foreach (var device in _known.Values.Where(device => !present.Contains(device.StableId) && device.LastSeen <= limit).ToList())
            {
                _known.Remove(device.StableId);
                _unwritten.Add(device.StableId);
            }
            if (_time.GetElapsedTime(_rewritten) >= RewriteAfter)
                Rewrite(present);
        }
    }

    /// <summary>Sees to it that what is stored of those that are there is as it is now.</summary>
    public void Rewrite(IReadOnlySet<string> present)
    {
        lock (_gate)
        {
            _unwritten.UnionWith(present.Where(_known.ContainsKey));
            _rewritten = _time.GetTimestamp();
        }
    }

    /// <summary>Stores what is not stored yet.</summary>
    public void Write()
    {
        if (_store is null)
            return;
        lock (_writing)
        {
            List<KnownDevice> keep = [];
            List<string> forget = [];
            lock (_gate)
            {
                foreach (var stableId in _unwritten)
                {
                    if (_known.TryGetValue(stableId, out var device))
                        keep.Add(Stored(device));
                    else
                        forget.Add(stableId);
                }
                _unwritten.Clear();
            }
            if (keep.Count + forget.Count == 0)
                return;
            try
            {
                _store.Write(keep, forget);
            }
            catch (ProblemException e)
            {
                Told(e);
            }
        }
    }

    /// <summary>A device as it is told of when it has gone: nothing that only a device that is there has.</summary>
    public static Device Gone(Device device) => device with
    {
        Online = false,
        Problem = null,
        Denied = false,
        IsBeingRead = false,
        UsbBus = null,
        UsbNode = null,
        Inputs = [.. device.Inputs.Select(input => input with { Signal = null })],
    };

    private void Told(ProblemException e) => _log.LogWarning("What is known of devices could not be kept: {Reason}", e.Message);

    private static KnownDevice Stored(Device device) => new()
    {
        StableId = device.StableId,
        LastSeen = device.LastSeen,
        Node = device.Node,
        Name = device.Name,
        Driver = device.Driver,
        Bus = device.Bus,
        Serial = device.Serial,
        Port = device.Port,
        IdentifiedBy = device.IdentifiedBy,
        Multiplanar = device.Multiplanar,
        Audio = device.Audio,
        Modes = device.Modes,
        Inputs = Gone(device).Inputs,
    };

    private static Device Restored(KnownDevice known) => new()
    {
        StableId = known.StableId,
        LastSeen = known.LastSeen,
        Node = known.Node,
        Kind = DeviceKind.V4L2,
        Role = DeviceRole.Capture,
        Name = known.Name,
        Driver = known.Driver,
        Bus = known.Bus,
        Serial = known.Serial,
        Port = known.Port,
        IdentifiedBy = known.IdentifiedBy,
        Multiplanar = known.Multiplanar,
        Audio = known.Audio,
        Modes = known.Modes,
        Inputs = known.Inputs,
        Online = false,
    };
}
