using ThatDam.Agent.State;
using ThatDam.Contract;

namespace ThatDam.Agent.Devices;

/// <summary>
/// The devices of this machine, as the last look found them: kernel devices by node number, then the built-in virtual cameras, then cameras
/// that are gone, as offline. Safe for any thread. Knows only the virtual ones, and those that were here before, until the first look. Looks
/// may overlap: what is gone is told at once, and what came as soon as it has answered, whatever else hangs.
/// </summary>
public sealed class DeviceCatalog : IDisposable
{
    private static readonly TimeSpan FreshenLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FreshAge = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(200); // for those of one look to be told together

    private readonly DeviceScan _scan;
    private readonly VirtualCameraOptions _virtualCameras;
    private readonly DeviceMemory _memory;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Queue<News> _news = [];
    private volatile CameraRules _rules;
    private IReadOnlyList<Device> _present = []; // guarded by the gate, as all below
    private HashSet<string> _presentIds = [];
    private HashSet<string> _arrived = []; // the stable ids of those that are told as there
    private long _takenAt;
    private bool _telling;
    private bool _disposed;
    private long _looks;
    private volatile IReadOnlyList<Device> _all;
    private Task _freshening = Task.CompletedTask;

    /// <summary>A catalog of the virtual cameras, and of what was here before; nothing is scanned yet.</summary>
    /// <param name="scan">Looks at the machine.</param>
    /// <param name="virtualCameras">How many there are.</param>
    /// <param name="options">The rules of cameras, and when one is forgotten.</param>
    /// <param name="known">Where cameras are kept that are gone; null keeps them for this process alone.</param>
    /// <param name="time">The clock.</param>
    public DeviceCatalog(DeviceScan scan, VirtualCameraOptions virtualCameras, DevicesOptions options, KnownDeviceStore? known, TimeProvider time)
    {
        _scan = scan;
        _virtualCameras = virtualCameras;
        _time = time;
        _rules = new CameraRules(options.Cameras);
        _memory = new DeviceMemory(known, options.ForgetAfter, time, scan.Log);
        _all = [.. VirtualCameras(), .. _memory.Offline(_presentIds).Select(Ruled)];
        _takenAt = time.GetTimestamp();
        scan.AnsweredLate += Notice;
        scan.Named += Notice;
    }

    /// <summary>Raised after a look that found something else than the one before, on the thread that looked.</summary>
    public event Action? Changed;

    /// <summary>
    /// Raised for each device that has come, or come back, with the first look too (the virtual cameras as well), after
    /// <see cref="Changed"/>, and when it has said what it can do. For one that was plugged out and in between two looks <see cref="Departed"/> is raised, then this.
    /// </summary>
    public event Action<Device>? Arrived;

    /// <summary>Raised for each device that has gone, after <see cref="Changed"/>. It is offline.</summary>
    public event Action<Device>? Departed;

    /// <summary>Every device, those that cannot capture and those that are offline too. A snapshot: it does not change.</summary>
    public IReadOnlyList<Device> All => _all;

    /// <summary>Whether a device streams, by its stable id: then nobody need be asked for its signal.</summary>
    public Func<string, bool> IsStreaming { get; set; } = _ => false;

    /// <summary>How often was looked.</summary>
    public long Looks => Interlocked.Read(ref _looks);

    /// <summary>
    /// The device of that name: node (<c>/dev/video0</c>, <c>video0</c>, <c>virtual:0</c>), stable id, or a part of the name that no other
    /// device has.
    /// </summary>
    /// <exception cref="ProblemException">404 <c>device_not_found</c>, naming what there is; 409 <c>device_ambiguous</c>, naming the candidates.</exception>
    public Device Find(string name) => DeviceNames.Find(_all, name);

    /// <summary>The device with that stable id, if it is there and has said what it can do.</summary>
    public Device? Present(string stableId) => _all.FirstOrDefault(device => device.Online && !device.IsBeingRead && device.StableId == stableId);

    /// <summary>Other rules of cameras, from now on.</summary>
    /// <param name="rules">The sections of the configuration, in its order.</param>
    public void Rule(IReadOnlyList<CameraRule> rules)
    {
        _rules = new CameraRules(rules);
        Notice();
    }

    /// <summary>Looks at every device again. The list is complete when it ends; cancelled, it ends behind the caller's back.</summary>
    public Task RescanAsync(CancellationToken cancellation) => LookAsync(Looks == 0 ? LookScope.First : LookScope.All).WaitAsync(cancellation);

    /// <summary>Looks at one device again, its modes and its signal. Returns what it is now; null when it is gone.</summary>
    public async Task<Device?> LookAgainAsync(string stableId, CancellationToken cancellation)
    {
        await LookAsync(LookScope.Of(_scan.NodesOf(stableId))).WaitAsync(cancellation).ConfigureAwait(false);
        return Present(stableId);
    }

    /// <summary>
    /// Looks again at what may have changed without a word: what has a problem, what a program feeds, an input with a signal that nobody
    /// streams; each once a second at most. Waits too for what has just come and is being read. Waits a second at most, for a device may hang; the look then ends behind its back.
    /// </summary>
    public async Task FreshenAsync(CancellationToken cancellation)
    {
        string[] stale = [.. _scan.Stale(FreshAge)
            .Where(device => device.Problem is not null || device.IsLoopback || (device.Inputs.Any(input => input.Signal is not null) && !IsStreaming(device.StableId)))
            .Select(device => Path.GetFileName(device.Node))];
        var reading = _scan.ReadAsync();
        var isReading = !reading.IsCompleted;
        if (stale.Length == 0 && !isReading && IsComplete())
        {
            Restamp();
            return;
        }
        Task look;
        lock (_gate)
        {
            // Elsewhere, and on nobody's behalf: what is found was not caused by who looks.
            using (ExecutionContext.SuppressFlow())
                look = _freshening = _freshening.IsCompleted ? Task.Run(() => LookAsync(LookScope.Of(stale)), CancellationToken.None) : _freshening;
        }
        try
        {
            await Task.WhenAll(look, reading).WaitAsync(FreshenLimit, _time, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            // What is known is still true. No file may be opened? Whoever opens one next is told.
        }
        if (isReading || _all.Any(device => device.IsBeingRead))
            Notice();
    }

    /// <summary>A look off the hot path: nothing is asked that has not changed, and what was away for long enough is forgotten.</summary>
    internal Task LookSlowlyAsync()
    {
        lock (_gate)
            _memory.Forget(_presentIds);
        return LookAsync(LookScope.Slow);
    }

    /// <summary>
    /// Looks. What is gone is told when this returns, what came or changed when the task ends or, where others take their time, before that.
    /// </summary>
    internal Task LookAsync(LookScope scope)
    {
        IReadOnlyList<ScannedNode> asked;
        lock (_gate)
        {
            _looks++;
            asked = _scan.Compare(scope);
            Take(scope.IsPrompt);
        }
        Tell();
        return FinishAsync(asked);
    }

    private async Task FinishAsync(IReadOnlyList<ScannedNode> asked)
    {
        if (asked.Count == 0)
            return;
        var all = _scan.AskAsync(asked);
        while (!all.IsCompleted)
        {
            using var over = new CancellationTokenSource();
            await Task.WhenAny(all, Task.Delay(Grace, _time, over.Token)).ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
            Notice();
        }
        await all.ConfigureAwait(false);
        Notice();
    }

    private bool IsComplete()
    {
        try
        {
            return _scan.IsComplete();
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void Notice()
    {
        lock (_gate)
            Take(isPrompt: false);
        Tell();
    }

    // So that what is there was seen just now.
    private void Restamp()
    {
        if (_time.GetElapsedTime(Interlocked.Read(ref _takenAt)) >= FreshAge)
            Notice();
    }

    /// <summary>Takes what the scan knows for the list. Under the gate.</summary>
    private void Take(bool isPrompt)
    {
        if (_disposed)
            return;
        var now = _time.GetUtcNow();
        Interlocked.Exchange(ref _takenAt, _time.GetTimestamp());
        Device[] present = [.. _scan.Devices().Select(_memory.Presumed).Concat(VirtualCameras()).Select(Ruled)];
        var ids = present.Select(device => device.StableId).ToHashSet();
        Device[] gone = [.. _present.Where(device => !ids.Contains(device.StableId)).Select(device => DeviceMemory.Gone(device) with { LastSeen = isPrompt ? now : device.LastSeen })];
        Device[] departed = [.. gone.Where(device => _arrived.Contains(device.StableId))];
        Device[] come = [.. present.Where(device => !device.IsBeingRead && !_arrived.Contains(device.StableId))];
        foreach (var device in gone)
            _memory.Lose(device.StableId, device.LastSeen);
        foreach (var device in present)
            _memory.See(device, isNew: !_arrived.Contains(device.StableId));
        _arrived = present.Where(device => !device.IsBeingRead).Select(device => device.StableId).ToHashSet();
        (_present, _presentIds) = (present, ids);
        Device[] all = [.. present, .. _memory.Offline(ids).Select(Ruled)];
        var before = _all;
        _all = all;
        var isOther = before.Count != all.Length || before.Zip(all).Any(pair => !pair.First.IsSameAs(pair.Second));
        if (isOther || departed.Length > 0 || come.Length > 0)
            _news.Enqueue(new News(isOther, departed, come));
    }

    /// <summary>Tells the news in the order in which they came, one at a time, outside of the gate.</summary>
    private void Tell()
    {
        while (true)
        {
            News news;
            lock (_gate)
            {
                if (_telling || _disposed || !_news.TryDequeue(out news!))
                    break;
                _telling = true;
            }
            try
            {
                if (news.IsOther)
                    Each(Changed, told => told());
                foreach (var device in news.Gone)
                    Each(Departed, told => told(device));
                foreach (var device in news.Come)
                    Each(Arrived, told => told(device));
            }
            finally
            {
                lock (_gate)
                    _telling = false;
            }
        }
        _memory.Write(); // after the telling, which is waited for
    }

    // Who throws costs the others nothing.
    private void Each<T>(T? handlers, Action<T> tell)
        where T : Delegate
    {
        foreach (var told in Delegate.EnumerateInvocationList(handlers))
        {
            try
            {
                tell(told);
            }
            catch (Exception e)
            {
                _scan.Log.LogError(e, "A change of the devices could not be told");
            }
        }
    }

    private Device Ruled(Device device)
    {
        var (rule, matched) = _rules.For(device);
        return device with { Rule = rule, Matched = matched };
    }

    private Device[] VirtualCameras()
    {
        var seen = _time.GetUtcNow();
        return [.. Enumerable.Range(0, _virtualCameras.Count).Select(index => Ruled(new Device
        {
            Node = $"virtual:{index}",
            Kind = DeviceKind.Virtual,
            Role = DeviceRole.Capture,
            Name = $"Virtual camera {index}",
            Driver = "virtual",
            Bus = $"virtual:{index}",
            StableId = $"virtual:{index}",
            IdentifiedBy = "its number in the configuration",
            Modes = VirtualCameraModes.All,
            LastSeen = seen,
        }))];
    }

    /// <summary>Stores what is there now as seen last. Nothing is told any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            _scan.AnsweredLate -= Notice;
            _scan.Named -= Notice;
            _memory.Rewrite(_presentIds);
        }
        _memory.Write();
    }

    private sealed record News(bool IsOther, IReadOnlyList<Device> Gone, IReadOnlyList<Device> Come);
}
