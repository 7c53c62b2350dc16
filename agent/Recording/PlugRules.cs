using System.Collections.Concurrent;
using ThatDam.Agent.Devices;
using ThatDam.Agent.Tenancy;
using ThatDam.Contract;

namespace ThatDam.Agent.Recording;

/// <summary>
/// Records a camera by itself when it appears, where its rule says so (<c>OnPlug=record</c>): when it is plugged in, and when the daemon
/// starts. Who stops such a recording is heeded until the camera is plugged in again or recorded again.
/// </summary>
/// <param name="devices">Where cameras appear.</param>
/// <param name="recorder">Records.</param>
/// <param name="time">The clock of the pauses between two tries.</param>
/// <param name="log">Told what cannot be recorded.</param>
public sealed class PlugRules(DeviceCatalog devices, Recorder recorder, TimeProvider time, ILogger<PlugRules> log) : IDisposable
{
    private const int MaxTriesBesides = 3;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, CancellationTokenSource> _present = new(); // by stable id: ends when the camera goes, or somebody stops it
    private readonly CancellationTokenSource _ending = new();

    /// <summary>From now on; the cameras that are there have just appeared.</summary>
    public void Start()
    {
        devices.Arrived += OnArrival;
        devices.Departed += OnDeparture;
        recorder.StoppedByHand += Hold;
        foreach (var device in devices.All.Where(device => device.Online))
            OnArrival(device);
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
        }
        catch (ObjectDisposedException)
        {
            // It goes at this moment.
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
                await Task.Delay(pause, time, gone).ConfigureAwait(false);
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
        _ending.Cancel();
    }
}
