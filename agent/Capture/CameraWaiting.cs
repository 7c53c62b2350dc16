using ThatDam.Agent.Devices;
using ThatDam.Agent.Tenancy;

namespace ThatDam.Agent.Capture;

/// <summary>Those who wait for cameras whose stream has ended, or that cannot be opened yet.</summary>
/// <param name="returns">Brings cameras back.</param>
/// <param name="states">Told what each camera does.</param>
/// <param name="time">The clock of the pauses.</param>
/// <param name="log">Told what goes wrong.</param>
internal sealed class CameraWaiting(CameraReturn returns, CameraStates states, TimeProvider time, ILogger log)
{
    // Somebody was told that the camera is back, and is about to open it.
    private static readonly TimeSpan GrantHolds = TimeSpan.FromSeconds(5);

    /// <summary>When it is looked whether somebody has.</summary>
    public static readonly TimeSpan AfterGrant = TimeSpan.FromSeconds(6);

    /// <summary>
    /// Waits until a camera whose stream has ended may be tried again: it is there, its rung of the recovery ladder is done, and there is a
    /// signal. It is <see cref="CameraState.Waiting"/> meanwhile. All who wait for one camera share one recovery. When it streams already, for
    /// somebody else, this returns at once.
    /// </summary>
    /// <param name="slot">The camera.</param>
    /// <param name="why">How its stream ended; <see cref="StreamEndCause.Failed"/> too when opening it again has failed.</param>
    /// <param name="cancel">Waits no more; when nobody else waits, the camera is closed then.</param>
    /// <returns>The camera as it is now; its node and its modes may be others.</returns>
    public async Task<Device> ReturnAsync(CameraSlot slot, StreamEndCause why, CancellationToken cancel)
    {
        var waiting = slot.Waiting;
        Task<Device> back;
        lock (waiting.Gate)
        {
            if (waiting.Granted is { } granted)
                return granted;
            waiting.Count++;
            if (waiting.Return is not { IsCompleted: false })
            {
                var ends = waiting.Ends = new CancellationTokenSource();
                waiting.Return = Task.Run(() => GrantAsync(slot, why, ends.Token), CancellationToken.None);
            }
            back = waiting.Return;
        }
        try
        {
            return await back.WaitAsync(cancel).ConfigureAwait(false);
        }
        finally
        {
            lock (waiting.Gate)
            {
                if (--waiting.Count == 0 && waiting.Return == back && !back.IsCompleted)
                {
                    waiting.Ends!.Cancel();
                    waiting.Return = null;
                }
            }
            if (!back.IsCompletedSuccessfully)
                Settle(slot, TimeSpan.Zero);
        }
    }

    /// <summary>
    /// Waits a while for a camera that somebody else has, or that the system refuses: nothing tells when it may be tried again. It is
    /// <see cref="CameraState.Waiting"/> until then, unless it streams.
    /// </summary>
    /// <param name="slot">The camera.</param>
    /// <param name="reason">Why it could not be opened.</param>
    /// <param name="pause">How long.</param>
    /// <param name="cancel">Waits no more; when nobody else waits, the camera is closed then.</param>
    public async Task RestAsync(CameraSlot slot, string reason, TimeSpan pause, CancellationToken cancel)
    {
        lock (slot.Waiting.Gate)
            slot.Waiting.Count++;
        try
        {
            if (slot.Live is null)
                states.Move(slot.Node, slot.StableId, CameraState.Waiting, reason);
            await Task.Delay(pause, time, cancel).ConfigureAwait(false);
            slot.IsReturning = slot.Live is null; // it is about to be tried
        }
        finally
        {
            lock (slot.Waiting.Gate)
                slot.Waiting.Count--;
            Settle(slot, cancel.IsCancellationRequested ? TimeSpan.Zero : AfterGrant);
        }
    }

    /// <summary>Who waited for it, or was to, does so no more: it is closed, unless it streams or others wait for it.</summary>
    /// <param name="slot">The camera.</param>
    public void Forgo(CameraSlot slot)
    {
        lock (slot.Waiting.Gate)
            slot.Waiting.Granted = null;
        Settle(slot, TimeSpan.Zero);
    }

    private async Task<Device> GrantAsync(CameraSlot slot, StreamEndCause why, CancellationToken cancel)
    {
        var device = await returns.RunAsync(slot, why, cancel).ConfigureAwait(false);
        lock (slot.Waiting.Gate)
            (slot.Waiting.Granted, slot.Waiting.GrantedAt) = (slot.Live is null ? device : null, time.GetTimestamp());
        slot.IsReturning = slot.Live is null;
        Settle(slot, AfterGrant);
        return device;
    }

    /// <summary>A camera that nobody streams from, waits for or is about to open is closed.</summary>
    /// <param name="slot">The camera.</param>
    /// <param name="after">When.</param>
    public async void Settle(CameraSlot slot, TimeSpan after)
    {
        try
        {
            if (after > TimeSpan.Zero)
            {
                Caller.Enter(Caller.Daemon);
                await Task.Delay(after, time).ConfigureAwait(false);
            }
            await slot.Opening.WaitAsync().ConfigureAwait(false);
            try
            {
                lock (slot.Waiting.Gate)
                {
                    var isGranted = slot.Waiting is { Granted: not null, GrantedAt: { } at } && time.GetElapsedTime(at) < GrantHolds;
                    if (slot.Waiting.Count > 0 || isGranted)
                        return;
                    slot.Waiting.Granted = null;
                }
                if (slot.Live is not null || slot.References.Count > 0 || states.Of(slot.StableId) is not (CameraState.Lost or CameraState.Waiting))
                    return;
                (slot.IsReturning, slot.IsExpected) = (false, false);
                states.Move(slot.Node, slot.StableId, CameraState.Closed);
            }
            finally
            {
                slot.Opening.Release();
            }
        }
        catch (Exception e)
        {
            // Nobody waits for it, so nothing may come out of it.
            log.LogError(e, "{Camera}: its state could not be settled", slot.StableId);
        }
    }
}
