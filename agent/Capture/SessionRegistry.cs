using System.Globalization;
using ThatDam.Agent.Devices;
using ThatDam.Contract;
using ThatDam.Native.Errors;

namespace ThatDam.Agent.Capture;

/// <summary>
/// The cameras that stream, one session each, shared by all who want the same mode. The first subscriber opens the camera and chooses the
/// mode; the last one to leave closes it.
/// </summary>
/// <param name="devices">Where cameras come back.</param>
/// <param name="states">Told what each camera does.</param>
/// <param name="open">Opens a device in the mode asked for, or its best.</param>
/// <param name="chooseTransport">Tries how a source's frames get into pipes.</param>
/// <param name="log">Told what opens and closes.</param>
public sealed class SessionRegistry(
    DeviceCatalog devices, CameraStates states,
    Func<Device, ModeRequest, IFrameSource> open, Func<IFrameSource, Transport> chooseTransport, ILogger<SessionRegistry> log)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Slot> _slots = []; // by stable id

    /// <summary>Told when a camera starts or stops streaming, or its consumers change.</summary>
    public event Action? Changed;

    /// <summary>Joins the camera's stream, opening it if nobody streams from it.</summary>
    /// <exception cref="ProblemException">
    /// 409 when it streams in another mode, naming who uses it; what opening it ran into otherwise.
    /// </exception>
    public async Task<Subscription> SubscribeAsync(Device device, ModeRequest request, CancellationToken cancel)
    {
        Slot slot;
        lock (_gate)
        {
            if (!_slots.TryGetValue(device.StableId, out slot!))
                _slots.Add(device.StableId, slot = new Slot());
        }
        await slot.Opening.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            var running = slot.Session is { HasEnded: false } ? slot.Session : null;
            if (running is not null)
            {
                CheckMode(running, request);
                slot.References[running]++;
                return new Subscription(this, slot, running, shared: true);
            }
            // Opening waits for the driver, a USB camera's for a tenth of a second and more.
            var session = await Task.Run(() => Open(device, request), cancel).ConfigureAwait(false);
            slot.Session = session;
            slot.References[session] = 1;
            Changed?.Invoke();
            return new Subscription(this, slot, session, shared: false);
        }
        finally
        {
            slot.Opening.Release();
        }
    }

    private CaptureSession Open(Device device, ModeRequest request)
    {
        try
        {
            var session = Begin(device, open(device, request));
            log.LogInformation(
                "{Device}: streaming {Format} {Width}x{Height} at {Fps} fps, {Buffers} buffers, {Transport}",
                device.Node, session.Mode.Format, session.Mode.Width, session.Mode.Height, Math.Round(session.Mode.Fps, 3), session.Buffers, session.Transport.Word);
            return session;
        }
        catch (NativeException e)
        {
            throw OpenProblem(device, e);
        }
    }

    private CaptureSession Begin(Device device, IFrameSource source)
    {
        try
        {
            return new CaptureSession(device, source, chooseTransport(source), log);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    internal static ProblemException OpenProblem(Device device, NativeException e) => e.Errno switch
    {
        Errno.EBUSY => new ProblemException(409, "device_busy", "Device busy", $"{device.Node} is held by another process.",
            $"Find it with: fuser -v {device.Node}. Stop it, then start the recording again."),
        Errno.EACCES or Errno.EPERM => DeviceProblems.Denied(device.Node),
        Errno.ENODEV or Errno.ENXIO or Errno.ENOENT => new ProblemException(404, "device_lost", "Device gone", $"{device.Node} was unplugged.",
            "Plug it in again; damctl devices list shows what is there."),
        Errno.ENOSPC => new ProblemException(409, "usb_bandwidth", "Not enough USB bandwidth", $"{device.Node} found no free bandwidth on its USB bus.",
            "Ask for a smaller size, a lower rate or a compressed format (MJPG), or plug the camera into another host controller."),
        _ => new ProblemException(503, "device_failed", "Device failed", $"{device.Node} cannot stream: {e.Message}.",
            "Unplug it and plug it in again; the kernel's log (dmesg) may say more."),
    };

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
        if (Live(stableId) is not { } session)
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

    /// <summary>What each camera does.</summary>
    public CameraStates States => states;

    /// <summary>
    /// Waits until a camera whose stream has ended may be tried again: it is there, its rung of the recovery ladder is done, and there is a
    /// signal. It is <see cref="CameraState.Waiting"/> meanwhile.
    /// </summary>
    /// <param name="stableId">The camera.</param>
    /// <param name="why">How its stream ended.</param>
    /// <param name="cancel">Waits no more; the camera is closed then.</param>
    /// <returns>The camera as it is now; its node and its modes may be others.</returns>
    public async Task<Device> ReturnAsync(string stableId, StreamEndCause why, CancellationToken cancel)
    {
        var back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void OnArrival(Device device)
        {
            if (device.StableId == stableId)
                back.TrySetResult();
        }
        devices.Arrived += OnArrival;
        try
        {
            if (devices.Present(stableId) is null)
                await back.Task.WaitAsync(cancel).ConfigureAwait(false);
            return devices.Present(stableId)!;
        }
        finally
        {
            devices.Arrived -= OnArrival;
        }
    }

    private CaptureSession? Live(string stableId)
    {
        lock (_gate)
            return _slots.TryGetValue(stableId, out var slot) && slot.Session is { HasEnded: false } session ? session : null;
    }

    internal void NotifyChanged() => Changed?.Invoke();

    internal async Task LeaveAsync(Slot slot, CaptureSession session)
    {
        await slot.Opening.WaitAsync().ConfigureAwait(false);
        try
        {
            if (--slot.References[session] > 0)
                return;
            slot.References.Remove(session);
            lock (_gate)
            {
                if (slot.Session == session)
                    slot.Session = null;
            }
            await Task.Run(session.Dispose).ConfigureAwait(false);
            log.LogInformation("{Device}: closed", session.Device.Node);
        }
        finally
        {
            slot.Opening.Release();
            Changed?.Invoke();
        }
    }

    /// <summary>One device's place. Its session is opened and closed by one at a time.</summary>
    internal sealed class Slot
    {
        public SemaphoreSlim Opening { get; } = new(1, 1);

        public CaptureSession? Session { get; set; }

        public Dictionary<CaptureSession, int> References { get; } = [];
    }
}

/// <summary>One consumer's part in a camera's stream. Dispose it when nothing of the camera's is held any more.</summary>
public sealed class Subscription : IAsyncDisposable
{
    private readonly SessionRegistry _registry;
    private readonly SessionRegistry.Slot _slot;
    private readonly CaptureSession _session;
    private IFrameConsumer? _consumer;
    private bool _left;

    internal Subscription(SessionRegistry registry, SessionRegistry.Slot slot, CaptureSession session, bool shared)
    {
        (_registry, _slot, _session) = (registry, slot, session);
        Shared = shared;
    }

    /// <summary>The mode the camera streams in.</summary>
    public CaptureMode Mode => _session.Mode;

    /// <summary>How its frames get into pipes.</summary>
    public Transport Transport => _session.Transport;

    /// <summary>Whether somebody else chose the mode.</summary>
    public bool Shared { get; }

    /// <summary>Frames go to <paramref name="consumer"/> from the next one on; the first consumer of all starts the stream.</summary>
    /// <exception cref="ProblemException">The driver refuses to stream.</exception>
    public void Start(IFrameConsumer consumer)
    {
        _consumer = consumer;
        try
        {
            _session.Add(consumer);
        }
        catch (NativeException e)
        {
            throw SessionRegistry.OpenProblem(_session.Device, e);
        }
        _registry.NotifyChanged();
    }

    /// <summary>No frame comes after this. What the consumer holds it may keep until <see cref="DisposeAsync"/>.</summary>
    public void Leave()
    {
        if (_consumer is { } consumer)
            _session.Remove(consumer);
    }

    /// <summary>Gives up the camera; the last one closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_left)
            return;
        _left = true;
        Leave();
        await _registry.LeaveAsync(_slot, _session).ConfigureAwait(false);
    }
}
