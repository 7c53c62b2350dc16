using System.Globalization;
using ThatDam.Agent.Devices;
using ThatDam.Native.Errors;
using ThatDam.Native.Usb;

namespace ThatDam.Agent.Capture;

/// <summary>Waits until a camera may be tried again, and climbs its recovery ladder. One camera, one waiter at a time.</summary>
/// <param name="devices">Where it comes back.</param>
/// <param name="states">Told that it is waited for, and each rung.</param>
/// <param name="time">The clock of the pauses.</param>
/// <param name="log">Told each rung.</param>
internal sealed class CameraReturn(DeviceCatalog devices, CameraStates states, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan SignalLook = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits.</summary>
    /// <param name="known">The camera as it was.</param>
    /// <param name="why">How its stream ended.</param>
    /// <param name="ladder">Its ladder.</param>
    /// <param name="streamed">How long its last stream ran.</param>
    /// <param name="cancel">Waits no more.</param>
    /// <returns>The camera as it is now.</returns>
    public async Task<Device> WaitAsync(Device known, StreamEndCause why, RecoveryLadder ladder, TimeSpan streamed, CancellationToken cancel)
    {
        if (why == StreamEndCause.DeviceLost)
        {
            ladder.Reset();
            Waiting(known, "unplugged");
        }
        else if (why == StreamEndCause.Failed)
        {
            await ClimbAsync(known, ladder.Next(streamed), cancel).ConfigureAwait(false);
        }
        var present = await PresentAsync(known, cancel).ConfigureAwait(false);
        return await WithSignalAsync(present, isChanged: why == StreamEndCause.SourceChanged, cancel).ConfigureAwait(false);
    }

    private void Waiting(Device device, string reason) => states.Move(device.Node, device.StableId, CameraState.Waiting, reason);

    private async Task ClimbAsync(Device known, RecoveryStep step, CancellationToken cancel)
    {
        if (step.Pause > TimeSpan.Zero)
        {
            var pause = string.Create(CultureInfo.InvariantCulture, $"tried again in {step.Pause.TotalSeconds:0} s");
            Waiting(known, pause);
            states.Count(known.StableId, "give_up");
            log.LogWarning("{Device}: recovery: given up for now, {Pause}", known.Node, pause);
            await PauseAsync(known, step.Pause, cancel).ConfigureAwait(false);
        }
        Waiting(known, "its stream failed");
        if (step.Rung == RecoveryRung.UsbReset)
            await ResetAsync(known, cancel).ConfigureAwait(false);
        states.Count(known.StableId, "reopen");
        log.LogWarning("{Device}: recovery: opened anew", known.Node);
    }

    /// <summary>Waits, but no longer than until the camera is plugged in anew.</summary>
    private async Task PauseAsync(Device known, TimeSpan pause, CancellationToken cancel)
    {
        using var arrival = new Arrival(devices, known.StableId);
        try
        {
            await arrival.Come.WaitAsync(pause, time, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The pause is over.
        }
    }

    private async Task ResetAsync(Device known, CancellationToken cancel)
    {
        var device = devices.Present(known.StableId) ?? known;
        if (device.UsbNode is not { } node)
        {
            Skipped("it is no USB device");
            return;
        }
        try
        {
            await Task.Run(() => UsbDevice.Reset(node), cancel).ConfigureAwait(false);
            states.Count(known.StableId, "usb_reset");
            log.LogWarning("{Device}: recovery: reset on its USB bus ({Node})", known.Node, node);
        }
        catch (NativeException e)
        {
            Skipped($"{node}: {e.Reason}");
        }
        // A reset takes the driver off the device and puts it on again: its node may be another one now.
        await devices.RescanAsync(cancel).ConfigureAwait(false);

        void Skipped(string why)
        {
            states.Count(known.StableId, "usb_reset_skipped");
            log.LogWarning("{Device}: recovery: not reset on its USB bus: {Reason}", known.Node, why);
        }
    }

    private async Task<Device> PresentAsync(Device known, CancellationToken cancel)
    {
        using var arrival = new Arrival(devices, known.StableId);
        if (devices.Present(known.StableId) is { } there)
            return there;
        Waiting(known, "unplugged");
        return await arrival.Come.WaitAsync(cancel).ConfigureAwait(false);
    }

    private async Task<Device> WithSignalAsync(Device device, bool isChanged, CancellationToken cancel)
    {
        var stableId = device.StableId;
        while (true)
        {
            if (devices.Present(stableId) is not { } there)
            {
                there = await PresentAsync(device, cancel).ConfigureAwait(false);
            }
            // Only a device whose input tells of a signal can lack one.
            if (there.Inputs.Count == 0)
                return there;
            if (ProblemOf(there) is not { } word)
                return isChanged ? await devices.LookAgainAsync(stableId, cancel).ConfigureAwait(false) ?? there : there;
            isChanged = true;
            Waiting(there, word);
            await Task.Delay(SignalLook, time, cancel).ConfigureAwait(false);
        }
    }

    private static string? ProblemOf(Device device)
    {
        try
        {
            return device.Kind == DeviceKind.Virtual ? null : SourceSignal.ProblemOf(device.Node);
        }
        catch (NativeException)
        {
            return null; // told when it is opened
        }
    }

    /// <summary>The next arrival of one camera.</summary>
    private sealed class Arrival : IDisposable
    {
        private readonly DeviceCatalog _devices;
        private readonly string _stableId;
        private readonly TaskCompletionSource<Device> _come = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Arrival(DeviceCatalog devices, string stableId)
        {
            (_devices, _stableId) = (devices, stableId);
            devices.Arrived += OnArrival;
        }

        public Task<Device> Come => _come.Task;

        private void OnArrival(Device device)
        {
            if (device.StableId == _stableId)
                _come.TrySetResult(device);
        }

        public void Dispose() => _devices.Arrived -= OnArrival;
    }
}
