using System.Globalization;
using ThatDam.Agent.Devices;
using ThatDam.Agent.Tenancy;
using ThatDam.Native.Errors;
using ThatDam.Native.Usb;

namespace ThatDam.Agent.Capture;

/// <summary>
/// Waits until a camera whose stream has ended may be tried again. One that was unplugged is tried when it is back, one without a signal when
/// there is one; for any other the recovery ladder is climbed, one rung for each return.
/// </summary>
/// <param name="devices">Where cameras come back.</param>
/// <param name="states">Told what is waited for.</param>
/// <param name="time">The clock of the pauses.</param>
/// <param name="log">Told each rung.</param>
internal sealed class CameraReturn(DeviceCatalog devices, CameraStates states, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan SignalLook = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan NodeLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterReset = TimeSpan.FromMilliseconds(500);

    // A driver may hang, and who has the camera's place holds up those who leave it.
    private static readonly TimeSpan DriverLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HangLook = TimeSpan.FromSeconds(5);

    // A camera that fails as soon as it is opened must not be opened again and again without a pause.
    private static readonly TimeSpan BetweenReturns = TimeSpan.FromSeconds(1);

    /// <summary>Resets a USB device by its node.</summary>
    public Action<string> ResetUsb { get; init; } = UsbDevice.Reset;

    /// <summary>What is wrong with the signal of a camera that is not open; null when nothing is, or nothing is known.</summary>
    public Func<Device, string?> SignalFault { get; init; } = SourceSignal.Look;

    /// <summary>Why a camera's USB device must not be reset now; null when it may be.</summary>
    public Func<Device, string?> Hindrance { get; init; } = _ => null;

    /// <summary>Waits. Ends with the camera as it is now.</summary>
    /// <param name="slot">Its place.</param>
    /// <param name="why">How its stream ended.</param>
    /// <param name="cancel">Waits no more.</param>
    public async Task<Device> RunAsync(CameraSlot slot, StreamEndCause why, CancellationToken cancel)
    {
        Caller.Enter(Caller.Daemon);
        using var news = new News(devices, states, slot.StableId, time);
        var attempt = new Attempt { Why = slot.Failure == "device_lost" ? StreamEndCause.DeviceLost : why };
        var pause = slot.Waiting.GrantedAt is { } granted ? BetweenReturns - time.GetElapsedTime(granted) : TimeSpan.Zero;
        if (pause > TimeSpan.Zero)
            await Task.Delay(pause, time, cancel).ConfigureAwait(false);
        while (true)
        {
            // Whoever opens it at this moment comes first.
            await slot.Opening.WaitAsync(cancel).ConfigureAwait(false);
            try
            {
                if (slot.Live is { } running)
                    return running.Device;
                attempt.HasArrived |= news.TakeArrival();
                (var back, pause) = await TryAsync(slot, attempt, cancel).ConfigureAwait(false);
                if (back is not null)
                    return back;
            }
            finally
            {
                slot.Opening.Release();
            }
            await news.WaitAsync(pause, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>The camera, if it may be tried now; else how long to wait for news at most.</summary>
    private async Task<(Device? Back, TimeSpan Pause)> TryAsync(CameraSlot slot, Attempt attempt, CancellationToken cancel)
    {
        var lost = attempt.Why == StreamEndCause.DeviceLost;
        // What ended its stream may not be in the list yet.
        var device = lost && !attempt.HasArrived
            ? await devices.LookAgainAsync(slot.StableId, cancel).ConfigureAwait(false)
            : devices.Present(slot.StableId);
        if (device is null)
        {
            attempt.WasGone = true;
            Wait(slot, "unplugged");
            return (null, Timeout.InfiniteTimeSpan);
        }
        if (attempt.WasGone || attempt.HasArrived)
        {
            // Our own reset takes it away and brings it back too: that is no new beginning.
            if (!attempt.WasReset)
                slot.Ladder.Reset();
            return (device, default);
        }
        if (lost && device.Problem is not null)
        {
            // Its node is about to go, or udev has not given it to us yet.
            Wait(slot, "unplugged");
            return (null, NodeLook);
        }
        if (lost && slot.Ladder.IsFirstLoss())
            return (device, default);
        try
        {
            return await AskAsync(slot, attempt, device, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Wait(slot, "its driver does not answer");
            return (null, HangLook);
        }
    }

    /// <summary>One that is there is asked, and what may help it is done.</summary>
    /// <exception cref="TimeoutException">Its driver hangs.</exception>
    private async Task<(Device? Back, TimeSpan Pause)> AskAsync(CameraSlot slot, Attempt attempt, Device device, CancellationToken cancel)
    {
        if (await slot.Driver.AskAsync(() => FaultOf(device), DriverLimit, time).ConfigureAwait(false) is { } fault)
        {
            attempt.Why = StreamEndCause.SourceChanged;
            Wait(slot, fault);
            return (null, SignalLook);
        }
        if (attempt.Why == StreamEndCause.SourceChanged)
            return (await devices.LookAgainAsync(slot.StableId, cancel).ConfigureAwait(false), TimeSpan.Zero);
        return await ClimbAsync(slot, attempt, device).ConfigureAwait(false);
    }

    private async Task<(Device? Back, TimeSpan Pause)> ClimbAsync(CameraSlot slot, Attempt attempt, Device device)
    {
        if (attempt.Step is not { } step)
        {
            // A camera that is used by another, or has no such mode, is not to be reset.
            attempt.Step = step = slot.Ladder.Next(mayReset: slot.Failure is null or "device_failed");
            attempt.Since = time.GetTimestamp();
            Tell(slot, device, step);
        }
        var left = step.Wait - time.GetElapsedTime(attempt.Since);
        if (left > TimeSpan.Zero)
        {
            Wait(slot, Again(left));
            return (null, left);
        }
        if (step.ResetUsb)
        {
            attempt.Step = step with { ResetUsb = false };
            if (await ResetAsync(slot, device).ConfigureAwait(false))
            {
                attempt.WasReset = true;
                Wait(slot, "its USB device was reset");
                return (null, AfterReset); // it may come back as another node
            }
        }
        states.Count(slot.StableId, "reopen");
        log.LogWarning("{Device}: recovery: opened anew", device.Node);
        return (device, default);
    }

    private static string Again(TimeSpan wait) => string.Create(CultureInfo.InvariantCulture, $"tried again in {Math.Ceiling(wait.TotalSeconds):0} s");

    private void Tell(CameraSlot slot, Device device, RecoveryStep step)
    {
        if (step.Rung != RecoveryRung.GiveUp)
            return;
        states.Count(slot.StableId, "give_up");
        log.LogWarning("{Device}: recovery: given up for now, {Pause}", device.Node, Again(step.Wait));
    }

    /// <summary>False when it was skipped.</summary>
    private async Task<bool> ResetAsync(CameraSlot slot, Device device)
    {
        var why = device.UsbNode is null ? "it is no USB device" : Hindrance(device);
        try
        {
            if (why is null)
            {
                await slot.Driver.AskAsync(() => { ResetUsb(device.UsbNode!); return true; }, DriverLimit, time).ConfigureAwait(false);
                states.Count(slot.StableId, "usb_reset");
                log.LogWarning("{Device}: recovery: reset on its USB bus ({Node})", device.Node, device.UsbNode);
                return true;
            }
        }
        catch (NativeException e)
        {
            why = e.Message;
        }
        states.Count(slot.StableId, "usb_reset_skipped");
        if (!slot.IsSkipTold)
            log.LogWarning("{Device}: recovery: not reset on its USB bus: {Reason}", device.Node, why);
        slot.IsSkipTold = true;
        return false;
    }

    private string? FaultOf(Device device)
    {
        try
        {
            return SignalFault(device);
        }
        catch (NativeException)
        {
            return null; // told when it is opened
        }
    }

    private void Wait(CameraSlot slot, string reason) =>
        states.Move(devices.Present(slot.StableId)?.Node ?? slot.Node, slot.StableId, CameraState.Waiting, reason);

    private sealed class Attempt
    {
        public required StreamEndCause Why { get; set; }

        public bool WasGone { get; set; }

        public bool HasArrived { get; set; }

        public bool WasReset { get; set; }

        public RecoveryStep? Step { get; set; }

        public long Since { get; set; }
    }

    /// <summary>Tells when the camera has come back, or streams for somebody else.</summary>
    private sealed class News : IDisposable
    {
        private readonly DeviceCatalog _devices;
        private readonly CameraStates _states;
        private readonly string _stableId;
        private readonly TimeProvider _time;
        private readonly SemaphoreSlim _waits = new(0);
        private volatile bool _arrived;

        public News(DeviceCatalog devices, CameraStates states, string stableId, TimeProvider time)
        {
            (_devices, _states, _stableId, _time) = (devices, states, stableId, time);
            _devices.Arrived += OnArrival;
            _states.Moved += OnMove;
        }

        /// <summary>Whether it has come since this was asked last.</summary>
        public bool TakeArrival()
        {
            var arrived = _arrived;
            _arrived = false;
            return arrived;
        }

        public async Task WaitAsync(TimeSpan atMost, CancellationToken cancel)
        {
            using var over = new CancellationTokenSource(atMost, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancel);
            try
            {
                await _waits.WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                // The time is over.
            }
        }

        private void OnArrival(Device device)
        {
            if (device.StableId != _stableId)
                return;
            _arrived = true;
            _waits.Release();
        }

        private void OnMove(CameraMove move)
        {
            if (move.StableId == _stableId && move.To == CameraState.Streaming)
                _waits.Release();
        }

        public void Dispose()
        {
            _devices.Arrived -= OnArrival;
            _states.Moved -= OnMove;
            // The semaphore is left to the collector: an event may be on its way.
        }
    }
}
