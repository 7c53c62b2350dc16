using ThatDam.Contract;

namespace ThatDam.Agent.Devices;

/// <summary>
/// The devices of this machine, as the last look found them: kernel devices by node number, then the built-in virtual cameras. Safe for
/// any thread. Holds only the virtual ones until the first <see cref="RescanAsync"/>.
/// </summary>
public sealed class DeviceCatalog : IDisposable
{
    private static readonly TimeSpan FreshenLimit = TimeSpan.FromSeconds(1);

    private readonly DeviceScan _scan;
    private readonly VirtualCameraOptions _virtualCameras;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _scanning = new(1);
    private volatile IReadOnlyList<Device> _all;
    private Task _freshening = Task.CompletedTask;

    /// <summary>A catalog of the virtual cameras; nothing is scanned yet.</summary>
    public DeviceCatalog(DeviceScan scan, VirtualCameraOptions virtualCameras, TimeProvider time)
    {
        _scan = scan;
        _virtualCameras = virtualCameras;
        _time = time;
        _all = VirtualCameras();
    }

    /// <summary>Raised after a look that found something else than the one before, on the thread that looked.</summary>
    public event Action? Changed;

    /// <summary>Raised for each device that has come, or come back, with the first look too, after <see cref="Changed"/>.</summary>
    public event Action<Device>? Arrived;

    /// <summary>Raised for each device that has gone, after <see cref="Changed"/>. It is offline.</summary>
    public event Action<Device>? Departed;

    /// <summary>Every device, those that cannot capture too. A snapshot: it does not change.</summary>
    public IReadOnlyList<Device> All => _all;

    /// <summary>
    /// The device of that name: node (<c>/dev/video0</c>, <c>video0</c>, <c>virtual:0</c>), stable id, or a part of the name that no other
    /// device has.
    /// </summary>
    /// <exception cref="ProblemException">404 <c>device_not_found</c>, naming what there is; 409 <c>device_ambiguous</c>, naming the candidates.</exception>
    public Device Find(string name) => DeviceNames.Find(_all, name);

    /// <summary>Looks again. One look at a time; the list changes when it is complete.</summary>
    public async Task RescanAsync(CancellationToken cancellation)
    {
        await _scanning.WaitAsync(cancellation).ConfigureAwait(false);
        IReadOnlyList<Device> before;
        Device[] after;
        try
        {
            before = _all;
            after = [.. await _scan.LookAsync(cancellation).ConfigureAwait(false), .. VirtualCameras()];
            _all = after;
            if (before.Count == after.Length && before.Zip(after).All(pair => pair.First.IsSameAs(pair.Second)))
                return;
        }
        finally
        {
            _scanning.Release();
        }
        Changed?.Invoke();
        foreach (var device in after.Where(device => before.All(known => !known.Online || known.StableId != device.StableId)))
            Arrived?.Invoke(device);
        foreach (var device in before.Where(device => after.All(known => known.StableId != device.StableId)))
            Departed?.Invoke(device with { Online = false });
    }

    /// <summary>
    /// Looks again if that may show more than is known: nodes have come or gone, one has a problem, or one is fed by a program that may have
    /// changed its mode. Waits a second at most, for a device may hang; the look then ends behind its back.
    /// </summary>
    public async Task FreshenAsync(CancellationToken cancellation)
    {
        var known = _all;
        if (known.All(device => device.Problem is null && !device.IsLoopback) && _scan.IsComplete())
            return;
        Task look;
        lock (_scanning)
        {
            // Elsewhere, and on nobody's behalf: what is found was not caused by who looks.
            using (ExecutionContext.SuppressFlow())
                look = _freshening = _freshening.IsCompleted ? Task.Run(() => RescanAsync(CancellationToken.None), CancellationToken.None) : _freshening;
        }
        try
        {
            await look.WaitAsync(FreshenLimit, _time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // What is known is still true.
        }
    }

    /// <summary>The device with that stable id, if it is there.</summary>
    public Device? Present(string stableId) => _all.FirstOrDefault(device => device.Online && device.StableId == stableId);

    /// <summary>Looks at one device again, its modes and its signal. Returns what it is now; null when it is gone.</summary>
    public async Task<Device?> LookAgainAsync(string stableId, CancellationToken cancellation)
    {
        await RescanAsync(cancellation).ConfigureAwait(false);
        return Present(stableId);
    }

    private Device[] VirtualCameras()
    {
        var seen = _time.GetUtcNow();
        return [.. Enumerable.Range(0, _virtualCameras.Count).Select(index => new Device
        {
            Node = $"virtual:{index}",
            Kind = DeviceKind.Virtual,
            Role = DeviceRole.Capture,
            Name = $"Virtual camera {index}",
            Driver = "virtual",
            Bus = $"virtual:{index}",
            StableId = $"virtual:{index}",
            Modes = VirtualCameraModes.All,
            LastSeen = seen,
        })];
    }

    /// <inheritdoc/>
    public void Dispose() => _scanning.Dispose();
}
