using System.Collections.Concurrent;
using ThatDam.Agent.Devices;
using ThatDam.Agent.State;
using ThatDam.Agent.Tenancy;
using ThatDam.Contract;

namespace ThatDam.Agent.Recording;

/// <summary>
/// Records a camera by itself when it appears, where its rule says so (<c>OnPlug=record</c>): when it is plugged in, and when the daemon
/// starts. Who stops such a recording is heeded until the camera is plugged in again or recorded again, over restarts of the daemon too.
/// </summary>
/// <param name="devices">Where cameras appear.</param>
/// <param name="recorder">Records.</param>
/// <param name="held">Keeps what was stopped by hand.</param>
/// <param name="time">The clock of the pauses between two tries.</param>
/// <param name="log">Told what cannot be recorded.</param>
public sealed class PlugRules(DeviceCatalog devices, Recorder recorder, HeldCameraStore held, TimeProvider time, ILogger<PlugRules> log) : IDisposable
{
    private const int MaxTriesBesides = 7; // a minute and a half: a slow encoder is waited for that long
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FrozenPause = TimeSpan.FromMinutes(10); // each try leaves a recording that failed

    private readonly ConcurrentDictionary<string, CancellationTokenSource> _present = new(); // by stable id: ends when the camera goes, or somebody stops it
    private readonly CancellationTokenSource _ending = new();

    /// <summary>From now on; the cameras that are there have just appeared.</summary>
    public void Start()
    {
        devices.Arrived += OnArrival;
        devices.Departed += OnDeparture;
        recorder.StoppedByHand += Hold;
        recorder.Begun += Release;
        Reconsider();
    }

    /// <summary>The rules may be others: a camera that is there and has one now has just appeared.</summary>
    public void Reconsider()
    {
        foreach (var device in devices.All.Where(device => device.Online && !device.IsBeingRead))
        {
            if (IsHeld(device))
                _present.TryAdd(device.StableId, new CancellationTokenSource());
            else
                OnArrival(device);
        }
    }

    private void OnArrival(Device device)
    {
        if (device.Rule is not { RecordOnPlug: true } || device.Role != DeviceRole.Capture || _ending.IsCancellationRequested)
            return;
        var gone = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        var token = gone.Token;
        if (_present.TryAdd(device.StableId, gone))
            _ = Task.Run(() => RecordAsync(device, token), CancellationToken.None);
        else
            gone.Dispose();
    }

    private void OnDeparture(Device device)
    {
        if (device.Rule is { RecordOnPlug: true })
            Release(device.StableId);
        if (!_present.TryRemove(device.StableId, out var gone))
            return;
        gone.Cancel();
        gone.Dispose();
    }

    // Its entry stays, so that it is not started again before it was unplugged.
    private void Hold(string stableId)
    {
        if (!_present.TryGetValue(stableId, out var gone))
            return;
        try
        {
            gone.Cancel();
            if (devices.Present(stableId) is { } device)
                held.Hold(stableId, PlugMark.Of(device));
        }
        catch (ObjectDisposedException)
        {
            // It goes at this moment.
        }
        catch (ProblemException e)
        {
            log.LogWarning("{Camera}: that it was stopped by hand cannot be kept; after a restart its rule records it again: {Reason}", stableId, e.Message);
        }
    }

    private bool IsHeld(Device device)
    {
        try
        {
            return held.Find(device.StableId) == PlugMark.Of(device);
        }
        catch (ProblemException)
        {
            return false; // told by whoever needs the state more
        }
    }

    private void Release(string stableId)
    {
        try
        {
            held.Release(stableId);
        }
        catch (ProblemException e)
        {
            log.LogWarning("{Camera}: it may not be recorded by its rule after a restart: {Reason}", stableId, e.Message);
        }
    }

    private async Task RecordAsync(Device device, CancellationToken gone)
    {
        Caller.Enter(Caller.Daemon);
        var told = "";
        for (var (pause, tries) = (FirstPause, 0); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause, tries++)
        {
            try
            {
                // One that runs may be about to end, for the camera was just unplugged; one that waits goes on by itself.
                if (!recorder.Records(device.StableId))
                {
                    await recorder.StartAsync(new RecordingRequest { Device = device.StableId }, alongside: null, gone).ConfigureAwait(false);
                    return;
                }
                if (tries >= MaxTriesBesides)
                    return;
            }
            catch (ProblemException e)
            {
                if (e.Problem.Code is "stopped_while_starting" or "stopping" || gone.IsCancellationRequested)
                    return;
                if (e.Problem.Code != told)
                    log.LogWarning("{Device} cannot be recorded by its rule {Rule} yet: {Reason}", device.Node, device.Rule!.Name, e.Message);
                told = e.Problem.Code;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogError(e, "{Device} cannot be recorded by its rule {Rule}", device.Node, device.Rule!.Name);
                return;
            }
            try
            {
                await Task.Delay(told == "no_frame" ? FrozenPause : pause, time, gone).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Starts nothing any more.</summary>
    public void Dispose()
    {
        devices.Arrived -= OnArrival;
        devices.Departed -= OnDeparture;
        recorder.StoppedByHand -= Hold;
        recorder.Begun -= Release;
        _ending.Cancel();
    }
}
