using System.Globalization;
using ThatDam.Agent.Devices;
using ThatDam.Contract;
using ThatDam.Native.Errors;

namespace ThatDam.Agent.Capture;

/// <summary>
/// The cameras that stream, one session each, shared by all who want the same mode. The first subscriber opens the camera and chooses the
/// mode; the last one to leave closes it. Who was left by a stream that ended by itself may wait for the camera's return.
/// </summary>
public sealed class SessionRegistry
{
    // A stream has ended, and its last consumer may be about to ask for the camera's return.
    private static readonly TimeSpan BeforeClosed = TimeSpan.FromSeconds(10);

    // A driver takes its time to stop, and to begin.
    private static readonly TimeSpan GiveUpLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DriverLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan OpeningLimit = TimeSpan.FromSeconds(30);

    private readonly CameraStates _states;
    private readonly DeviceCatalog _devices;
    private readonly TimeProvider _time;
    private readonly Func<Device, ModeRequest, IFrameSource> _open;
    private readonly Func<IFrameSource, Transport> _chooseTransport;
    private readonly ILogger _log;
    private readonly CameraWaiting _waiting;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, CameraSlot> _slots = []; // by stable id

    /// <param name="devices">Where cameras come back.</param>
    /// <param name="states">Told what each camera does.</param>
    /// <param name="time">The clock of the pauses between two tries.</param>
    /// <param name="open">Opens a device in the mode asked for, or its best.</param>
    /// <param name="chooseTransport">Tries how a source's frames get into pipes.</param>
    /// <param name="log">Told what opens.</param>
    public SessionRegistry(
        DeviceCatalog devices, CameraStates states, TimeProvider time,
        Func<Device, ModeRequest, IFrameSource> open, Func<IFrameSource, Transport> chooseTransport, ILogger<SessionRegistry> log)
        : this(devices, states, time, open, chooseTransport, log, registry => new CameraReturn(devices, states, time, log) { Hindrance = registry.Hindrance })
    {
    }

    /// <summary>A registry whose cameras come back in another way.</summary>
    internal SessionRegistry(
        DeviceCatalog devices, CameraStates states, TimeProvider time, Func<Device, ModeRequest, IFrameSource> open, Func<IFrameSource, Transport> chooseTransport,
        ILogger<SessionRegistry> log, Func<SessionRegistry, CameraReturn> returns)
    {
        (_devices, _states, _time, _open, _chooseTransport, _log) = (devices, states, time, open, chooseTransport, log);
        _waiting = new CameraWaiting(returns(this), states, time, log);
        states.Moved += _ => Changed?.Invoke();
    }

    /// <summary>Told when a camera does something else, or its consumers change. A handler must not block.</summary>
    public event Action? Changed;

    /// <summary>What each camera does.</summary>
    public CameraStates States => _states;

    /// <summary>Joins the camera's stream, opening it if nobody streams from it.</summary>
    /// <param name="device">The camera, as it was known; who it is counts, not where it was.</param>
    /// <param name="request">The mode.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="joins">Whether it is joined only, and not opened.</param>
    /// <exception cref="ProblemException">
    /// 409 when it is offline, has no signal, or streams in another mode, naming who uses it; what opening it ran into otherwise.
    /// </exception>
    public async Task<Subscription> SubscribeAsync(Device device, ModeRequest request, CancellationToken cancel, bool joins = false)
    {
        if (!device.Online)
            throw OpenProblems.Offline(device);
        var slot = SlotOf(device.StableId);
        if (!await slot.Opening.WaitAsync(OpeningLimit, cancel).ConfigureAwait(false))
            throw OpenProblems.Hangs(device); // as it was opened or closed for somebody else
        try
        {
            if (joins && slot.Live is null)
                throw OpenProblems.Ended(device);
            device = AsItIsNow(device);
            lock (slot.Waiting.Gate)
                slot.Waiting.Granted = null;
            slot.IsExpected = false;
            if (slot.Live is { } running)
            {
                CheckMode(running, request);
                slot.References[running]++;
                return new Subscription(this, slot, running, shared: true);
            }
            var session = await OpenAsync(slot, device, request).ConfigureAwait(false);
            slot.References[session] = 1;
            slot.Session = session;
            Changed?.Invoke();
            return new Subscription(this, slot, session, shared: false);
        }
        finally
        {
            slot.Opening.Release();
        }
    }

    // Who asks may know it from before a replug: its node may be another camera's by now.
    private Device AsItIsNow(Device device)
    {
        if (_devices.Present(device.StableId) is { } now)
            return now;
        if (_devices.All.Any(other => other.IsBeingRead && other.StableId == device.StableId))
            throw OpenProblems.BeingRead(device);
        return _devices.All.Any(other => other.Online && other.Node == device.Node) ? throw OpenProblems.Offline(device) : device;
    }

    private async Task<CaptureSession> OpenAsync(CameraSlot slot, Device device, ModeRequest request)
    {
        slot.Node = device.Node;
        _states.Move(device.Node, device.StableId, CameraState.Opening);
        try
        {
            // What has ended may still be about to give the device up.
            foreach (var ended in slot.References.Keys.Where(session => session.HasEnded))
                await ended.GivenUp.WaitAsync(GiveUpLimit, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // Opening waits for the driver, a USB camera's for a tenth of a second and more.
            return await slot.Driver.AskAsync(() => Open(slot, device, request), DriverLimit, _time, late => late.Dispose()).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            var hangs = OpenProblems.Hangs(device);
            Failed(slot, device, hangs);
            throw hangs;
        }
        catch (Exception e)
        {
            Failed(slot, device, e);
            throw;
        }
    }

    private CaptureSession Open(CameraSlot slot, Device device, ModeRequest request)
    {
        try
        {
            var session = Begin(slot, device, _open(device, request));
            _log.LogInformation(
                "{Device}: streaming {Format} {Width}x{Height} at {Fps} fps, {Buffers} buffers, {Transport}",
                device.Node, session.Mode.Format, session.Mode.Width, session.Mode.Height, Math.Round(session.Mode.Fps, 3), session.Buffers, session.Transport.Word);
            return session;
        }
        catch (NativeException e)
        {
            throw OpenProblems.Of(device, e, wanted: null, Neighbours(device));
        }
    }

    private CaptureSession Begin(CameraSlot slot, Device device, IFrameSource source)
    {
        try
        {
            return new CaptureSession(device, source, _chooseTransport(source), slot, _states, _log);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>The driver refuses to stream: the camera's state, and the problem to tell.</summary>
    internal ProblemException Refused(CameraSlot slot, CaptureSession session, NativeException e)
    {
        var problem = OpenProblems.Of(session.Device, e, session.Mode, Neighbours(session.Device));
        Failed(slot, session.Device, problem);
        return problem;
    }

    private void Failed(CameraSlot slot, Device device, Exception e)
    {
        var problem = (e as ProblemException)?.Problem;
        slot.Failure = problem?.Code ?? "device_failed";
        bool awaited;
        lock (slot.Waiting.Gate)
            awaited = slot.IsReturning || slot.Waiting.Count > 0;
        _states.Move(device.Node, device.StableId, awaited ? CameraState.Waiting : CameraState.Closed, problem?.Detail ?? e.Message);
        if (awaited)
            _waiting.Settle(slot, CameraWaiting.AfterGrant);
    }

    private List<BusNeighbour> Neighbours(Device device) => device.UsbBus is not { } bus ? [] :
        [.. Others(device).Where(other => other.Device.UsbBus == bus).Select(other => new BusNeighbour(other.Device, other.Mode))];

    // One USB device may have several cameras.
    internal string? Hindrance(Device device) =>
        Others(device).FirstOrDefault(other => other.Device.UsbNode == device.UsbNode) is { } other ? $"{other.Device.Node} is of the same USB device and streams" : null;

    private CaptureSession[] Others(Device device)
    {
        lock (_gate)
            return [.. _slots.Values.Where(slot => slot.StableId != device.StableId).Select(slot => slot.Live).OfType<CaptureSession>()];
    }

    private static void CheckMode(CaptureSession session, ModeRequest request)
    {
        var mode = session.Mode;
        var fits = (request.Formats is null || request.Formats.Contains(mode.Format))
            && (request.Width is null || request.Width == mode.Width)
            && (request.Height is null || request.Height == mode.Height)
            && (request.Fps is not { } fps || mode.Fps == 0 || Math.Abs(fps - mode.Fps) <= mode.Fps / 100);
        if (fits)
            return;
        var user = session.Consumers is [var first, ..] ? first.Name : null;
        var users = string.Join(", ", session.Consumers.Select(consumer => consumer.Name));
        throw new ProblemException(
            409, "mode_conflict", "Camera in another mode",
            string.Create(CultureInfo.InvariantCulture,
                $"{session.Device.Node} streams {mode.Format} {mode.Width}x{mode.Height} at {Math.Round(mode.Fps, 3)} fps for recording {users}; a camera has one mode at a time."),
            $"Record in that mode (leave out size, fps and a codec that needs another format), or stop it first: damctl record stop {user}",
            user);
    }

    /// <summary>The mode a device streams in; null when it does not.</summary>
    public StreamMode? ModeOf(string stableId)
    {
        if (SlotIfAny(stableId)?.Live is not { } session)
            return null;
        return new StreamMode
        {
            Format = session.Mode.Format,
            Width = session.Mode.Width,
            Height = session.Mode.Height,
            Fps = Math.Round(session.Mode.Fps, 3),
            Transport = session.Transport.Word,
            TransportReason = session.Transport.Reason,
            Consumers = session.Consumers.Count,
            Buffers = session.Buffers,
        };
    }

    /// <inheritdoc cref="CameraWaiting.ReturnAsync"/>
    public Task<Device> ReturnAsync(string stableId, StreamEndCause why, CancellationToken cancel) => _waiting.ReturnAsync(SlotOf(stableId), why, cancel);

    /// <inheritdoc cref="CameraWaiting.RestAsync"/>
    public Task RestAsync(string stableId, string reason, TimeSpan pause, CancellationToken cancel) => _waiting.RestAsync(SlotOf(stableId), reason, pause, cancel);

    /// <summary>Who waited for that camera, or was to, does so no more: it is closed, unless it streams or others wait for it.</summary>
    /// <param name="stableId">The camera.</param>
    public void Forgo(string stableId)
    {
        if (SlotIfAny(stableId) is { } slot)
            _waiting.Forgo(slot);
    }

    /// <summary>The frames of each camera that was ever opened, with where it was last.</summary>
    public IReadOnlyList<(string StableId, string Device, FrameTally Frames)> Tallies()
    {
        lock (_gate)
            return [.. _slots.Values.OrderBy(slot => slot.Node, StringComparer.Ordinal).Select(slot => (slot.StableId, slot.Node, slot.Frames))];
    }

    private CameraSlot SlotOf(string stableId)
    {
        lock (_gate)
        {
            if (!_slots.TryGetValue(stableId, out var slot))
                _slots.Add(stableId, slot = new CameraSlot(stableId, _time));
            return slot;
        }
    }

    private CameraSlot? SlotIfAny(string stableId)
    {
        lock (_gate)
            return _slots.GetValueOrDefault(stableId);
    }

    internal void NotifyChanged() => Changed?.Invoke();

    internal async Task LeaveAsync(CameraSlot slot, CaptureSession session, bool returns)
    {
        await slot.Opening.WaitAsync().ConfigureAwait(false);
        try
        {
            slot.IsExpected |= returns;
            if (--slot.References[session] > 0)
                return;
            slot.References.Remove(session);
            var isLatest = slot.Session == session;
            if (isLatest)
                slot.Session = null;
            await Task.Run(session.Dispose).ConfigureAwait(false);
            // An older one has closed: the camera does what the latest does.
            if (isLatest)
                Left(slot, session.Device);
        }
        finally
        {
            slot.Opening.Release();
            Changed?.Invoke();
        }
    }

    private void Left(CameraSlot slot, Device device)
    {
        bool awaited;
        lock (slot.Waiting.Gate)
            awaited = slot.IsExpected || slot.IsReturning || slot.Waiting.Count > 0;
        if (awaited && _states.Of(slot.StableId) is CameraState.Lost or CameraState.Waiting)
            _waiting.Settle(slot, BeforeClosed);
        else
            _states.Move(device.Node, device.StableId, CameraState.Closed);
    }
}
