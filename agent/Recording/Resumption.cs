using ThatDam.Agent.Devices;
using ThatDam.Agent.State;
using ThatDam.Agent.Tenancy;
using ThatDam.Contract;

namespace ThatDam.Agent.Recording;

/// <summary>
/// After a start: what a crash left is brought to its end; and what was recorded when the daemon ended, by a crash or by a shutdown such as
/// that of an upgrade, goes on as a further recording, where the daemon was away no longer than <see cref="RecordingOptions.ResumeWithin"/>.
/// A camera that is not there yet is waited for until then, or for as long as it takes where the recording waits for its camera anyway.
/// </summary>
/// <param name="devices">Where cameras appear.</param>
/// <param name="recorder">Records.</param>
/// <param name="ledger">Knows what was recorded.</param>
/// <param name="options">How long the daemon may have been away.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Told what goes on, and what does not.</param>
public sealed class Resumption(
    DeviceCatalog devices, Recorder recorder, RecordingLedger ledger, RecordingOptions options, TimeProvider time, ILogger<Resumption> log) : IDisposable
{
    private static readonly TimeSpan FirstTries = TimeSpan.FromSeconds(10); // a camera's rule does not wait longer for them
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeastRest = TimeSpan.FromSeconds(1); // of a duration that was asked for

    private readonly CancellationTokenSource _ending = new();
    private IReadOnlyList<EndedRecording> _ended = [];

    /// <summary>Ends what a crash left unfinished. Before anything is recorded.</summary>
    public void Recover()
    {
        var alive = ledger.Unfinished().ToDictionary(left => left.Id, LastWritten);
        recorder.Recover();
        _ended = [.. ledger.Resumable().Select(ended => ended with { At = alive.GetValueOrDefault(ended.Recording.Id) ?? ended.Recording.Stopped ?? ended.Recording.Started })];
    }

    /// <summary>Goes on with what was recorded. After the first look at the devices; ends when each was tried once.</summary>
    public async Task StartAsync()
    {
        var first = Task.WhenAll(_ended.Select(ended => Task.Run(() => BeginAsync(ended), CancellationToken.None)));
        await Task.WhenAny(first, Task.Delay(FirstTries, time, _ending.Token)).ConfigureAwait(false);
    }

    private async Task BeginAsync(EndedRecording ended)
    {
        Caller.Enter(Caller.Daemon);
        var recording = ended.Recording;
        try
        {
            var left = options.ResumeWithin - (time.GetUtcNow() - ended.At);
            var rest = ended.Request.DurationS is { } duration ? duration - recording.DurationS : (double?)null;
            if (left <= TimeSpan.Zero || rest < LeastRest.TotalSeconds)
            {
                ledger.NotResumed(recording.Id);
                return;
            }
            var request = ended.Request with { Device = recording.StableId, DurationS = rest };
            if (await TryAsync(recording, request).ConfigureAwait(false) is { } why)
                _ = Task.Run(() => AgainAsync(recording, request, left, why), CancellationToken.None);
        }
        catch (Exception e)
        {
            log.LogError(e, "{Recording} of {Device} cannot be gone on with", recording.Id, recording.Device);
        }
    }

    private async Task AgainAsync(Contract.Recording recording, RecordingRequest request, TimeSpan left, string why)
    {
        Caller.Enter(Caller.Daemon);
        var since = time.GetTimestamp();
        log.LogWarning("{Recording} of {Device} cannot be gone on with yet: {Reason}", recording.Id, recording.Device, why);
        try
        {
            while (recording.Resume || time.GetElapsedTime(since) < left)
            {
                await Task.Delay(Pause, time, _ending.Token).ConfigureAwait(false);
                if (devices.Present(recording.StableId!) is not { } device)
                    continue;
                // A rule records it by now.
                if (device.Rule is { RecordOnPlug: true } || await TryAsync(recording, request).ConfigureAwait(false) is not { } again)
                    return;
                why = again;
            }
            ledger.NotResumed(recording.Id);
            log.LogWarning("{Recording} of {Device} is not gone on with: {Reason}", recording.Id, recording.Device, why);
        }
        catch (OperationCanceledException)
        {
            // The daemon ends.
        }
        catch (Exception e)
        {
            log.LogError(e, "{Recording} of {Device} cannot be gone on with", recording.Id, recording.Device);
        }
    }

    /// <summary>Null when it goes on; else why not.</summary>
    private async Task<string?> TryAsync(Contract.Recording recording, RecordingRequest request)
    {
        try
        {
            var next = await recorder.StartAsync(request, transaction => RecordingLedger.NotResumed(transaction, recording.Id), _ending.Token, continues: recording.Id).ConfigureAwait(false);
            log.LogInformation("{Recording} of {Device} goes on as {Next}", recording.Id, recording.Device, next.Id);
            return null;
        }
        catch (ProblemException e)
        {
            return e.Message;
        }
    }

    private static DateTimeOffset? LastWritten(Contract.Recording left) => left.Segments.Select(segment => new FileInfo(segment.File)).Where(file => file.Exists)
        .Select(file => (DateTimeOffset?)file.LastWriteTimeUtc).Max();

    /// <summary>Goes on with nothing any more.</summary>
    public void Dispose() => _ending.Cancel();
}
