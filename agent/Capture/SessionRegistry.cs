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
/// <param name="time">The clock of the pauses between two tries.</param>
/// <param name="open">Opens a device in the mode asked for, or its best.</param>
/// <param name="chooseTransport">Tries how a source's frames get into pipes.</param>
/// <param name="log">Told what opens and closes.</param>
public sealed class SessionRegistry(
    DeviceCatalog devices, CameraStates states, TimeProvider time,
    Func<Device, ModeRequest, IFrameSource> open, Func<IFrameSource, Transport> chooseTransport, ILogger<SessionRegistry> log)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Slot> _slots = []; // by stable id
    private readonly CameraReturn _return = new(devices, states, time, log);

    /// <summary>Told when a camera starts or stops streaming, or its consumers change.</summary>
    public event Action? Changed;

    /// <summary>Joins the camera's stream, opening it if nobody streams from it.</summary>
    /// <exception cref="ProblemException">
    /// 409 when it streams in another mode, naming who uses it; what opening it ran into otherwise.
    /// </exception>
    public async Task<Subscription> SubscribeAsync(Device device, ModeRequest request, CancellationToken cancel)
    {
        if (!device.Online)
            throw OpenProblems.Offline(device);
        var slot = SlotOf(device.StableId);
        // One that has ended holds the device until its last consumer has left.
        if (slot.Session is { HasEnded: true } ended)
            await ended.Closed.WaitAsync(cancel).ConfigureAwait(false);
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

    private Slot SlotOf(string stableId)
    {
        lock (_gate)
        {
            if (!_slots.TryGetValue(stableId, out var slot))
                _slots.Add(stableId, slot = new Slot());
            return slot;
        }
    }

    private CaptureSession Open(Device device, ModeRequest request)
    {
        var before = states.Of(device.StableId);
        states.Move(device.Node, device.StableId, CameraState.Opening);
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
            throw NotOpened(OpenProblems.Of(device, e, Neighbours(device)));
        }
        catch (ProblemException e)
        {
            throw NotOpened(e);
        }

        // Who waits for it waits on.
        ProblemException NotOpened(ProblemException problem)
        {
            states.Move(device.Node, device.StableId, before == CameraState.Waiting ? CameraState.Waiting : CameraState.Closed, problem.Problem.Detail);
            return problem;
        }
    }

    private CaptureSession Begin(Device device, IFrameSource source)
    {
        try
        {
            return new CaptureSession(device, source, chooseTransport(source), states, log);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>The cameras that stream on the same bus.</summary>
    internal IReadOnlyList<CaptureSession> Neighbours(Device device)
    {
        lock (_gate)
        {
            return [.. _slots.Values.Select(slot => slot.Session).OfType<CaptureSession>()
                .Where(session => !session.HasEnded && device.UsbBus is not null && session.Device.UsbBus == device.UsbBus && session.Device.StableId != device.StableId)];
        }
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
        var slot = SlotOf(stableId);
        var known = slot.Known ?? devices.All.First(device => device.StableId == stableId);
        Interlocked.Increment(ref slot.Waiters);
        try
        {
            // Who comes second finds it open, or what the first found.
            await slot.Returning.WaitAsync(cancel).ConfigureAwait(false);
            try
            {
                return slot.Session is { HasEnded: false } && devices.Present(stableId) is { } open
                    ? open
                    : await _return.WaitAsync(known, why, slot.Ladder, slot.Streamed, cancel).ConfigureAwait(false);
            }
            finally
            {
                slot.Returning.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref slot.Waiters);
            if (cancel.IsCancellationRequested)
                Forgo(stableId);
        }
    }

    /// <summary>Nobody waits for that camera any more: it is closed, unless it streams or others wait for it.</summary>
    /// <param name="stableId">The camera.</param>
    public void Forgo(string stableId)
    {
        var slot = SlotOf(stableId);
        if (slot.Session is null && Volatile.Read(ref slot.Waiters) == 0 && slot.Known is { } known && states.Of(stableId) is CameraState.Waiting or CameraState.Lost)
            states.Move(known.Node, stableId, CameraState.Closed);
    }

    private CaptureSession? Live(string stableId)
    {
        lock (_gate)
            return _slots.TryGetValue(stableId, out var slot) && slot.Session is { HasEnded: false } session ? session : null;
    }

    internal void NotifyChanged() => Changed?.Invoke();

    internal async Task LeaveAsync(Slot slot, CaptureSession session, bool returns)
    {
        await slot.Opening.WaitAsync().ConfigureAwait(false);
        try
        {
            if (--slot.References[session] > 0)
                return;
            slot.References.Remove(session);
            await Task.Run(session.Dispose).ConfigureAwait(false);
            slot.Known = session.Device;
            slot.Streamed = session.Streamed;
            lock (_gate)
            {
                if (slot.Session == session)
                    slot.Session = null;
            }
            if (slot.Session is null && !(returns && session.HasEnded))
                states.Move(session.Device.Node, session.Device.StableId, CameraState.Closed);
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
        /// <summary>How many wait for its return.</summary>
        public int Waiters;

        public SemaphoreSlim Opening { get; } = new(1, 1);

        public SemaphoreSlim Returning { get; } = new(1, 1);

        public RecoveryLadder Ladder { get; } = new();

        public CaptureSession? Session { get; set; }

        /// <summary>The camera of the last session, and how long that streamed.</summary>
        public Device? Known { get; set; }

        public TimeSpan Streamed { get; set; }

        public Dictionary<CaptureSession, int> References { get; } = [];
    }
}
