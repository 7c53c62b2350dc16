using System.Collections.Concurrent;
using ThatDam.Agent.Capture;
using ThatDam.Agent.Devices;
using ThatDam.Agent.Ffmpeg;
using ThatDam.Agent.State;
using ThatDam.Agent.Tenancy;
using ThatDam.Contract;
using ThatDam.Native.Errors;

namespace ThatDam.Agent.Recording;

/// <summary>The recordings that run and those that were. Starts and stops them; every change of state is on the disk before it is told.</summary>
public sealed class Recorder
{
    private static readonly TimeSpan FirstFrameLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstReadLimit = TimeSpan.FromSeconds(45); // below what a client waits

    private readonly DeviceCatalog _devices;
    private readonly SegmentOpener _opener;
    private readonly RecordingLedger _ledger;
    private readonly RecordingLimit _limit;
    private readonly TimeProvider _time;
    private readonly string _sideDirectory;
    private readonly ILogger<Recorder> _log;
    private readonly ConcurrentDictionary<string, ActiveRecording> _active = new();
    private volatile bool _closing;
    private long _ffmpegLosses;

    /// <summary>A recorder that records nothing yet.</summary>
    /// <param name="devices">Where cameras are found.</param>
    /// <param name="sessions">Their streams.</param>
    /// <param name="commands">ffmpeg's command lines.</param>
    /// <param name="pool">Its warm processes.</param>
    /// <param name="folder">Where files go.</param>
    /// <param name="ledger">Keeps the recordings, and tells of them.</param>
    /// <param name="limit">How many there may be.</param>
    /// <param name="time">The clock.</param>
    /// <param name="sideDirectory">Where the indexes lie of files that are not final yet.</param>
    /// <param name="log">Told each state.</param>
    public Recorder(
        DeviceCatalog devices, SessionRegistry sessions, RecordingCommands commands, FfmpegPool pool, OutputFolder folder, RecordingLedger ledger,
        RecordingLimit limit, TimeProvider time, string sideDirectory, ILogger<Recorder> log) =>
        (_devices, _opener, _ledger, _limit, _time, _sideDirectory, _log) =
        (devices, new SegmentOpener(sessions, commands, pool, folder, sideDirectory), ledger, limit, time, sideDirectory, log);

    /// <summary>Told when a recording's state changes.</summary>
    public event Action? Changed;

    /// <summary>Told when somebody stops a recording: who its camera is.</summary>
    internal event Action<string>? StoppedByHand;

    /// <summary>Told when a recording begins: who its camera is.</summary>
    internal event Action<string>? Begun;

    /// <summary>How long the disk takes to make recordings safe.</summary>
    public SyncTimes Syncs => _opener.Syncs;

    /// <summary>How many ffmpeg processes ended or hung in a recording.</summary>
    public long FfmpegLosses => Interlocked.Read(ref _ffmpegLosses);

    /// <summary>Recordings that have not ended.</summary>
    public int ActiveCount => _active.Count;

    /// <summary>Whether it runs.</summary>
    public bool IsActive(string id) => _active.ContainsKey(id);

    /// <summary>Starts one. Answers when its first frame is in the pipe.</summary>
    /// <param name="request">What to record.</param>
    /// <param name="alongside">What else is committed in the transaction in which it begins; null for nothing.</param>
    /// <param name="cancel">Gives up before it has begun.</param>
    /// <param name="continues">The recording that this one goes on with; null: it is a new one.</param>
    /// <exception cref="ProblemException">
    /// 404 or 409 for the device; 409 for a limit; 422 for what cannot be recorded so; 503 or 507 for ffmpeg or the output; 504 when no frame comes in 5 s.
    /// </exception>
    public async Task<Contract.Recording> StartAsync(RecordingRequest request, Action<StateTransaction>? alongside, CancellationToken cancel, string? continues = null)
    {
        var asked = RecordingPlan.Of(request) with { Continues = continues };
        await _devices.FreshenAsync(cancel).ConfigureAwait(false);
        var device = _devices.Find(asked.DeviceName);
        if (!device.Online)
            throw OpenProblems.Offline(device);
        var plan = asked.For(device);
        if (_closing)
            throw new ProblemException(503, "stopping", "Stopping", "The daemon is about to stop.", "Start the recording again when it is back.");
        _limit.Take(device.Node);
        ActiveRecording recording;
        try
        {
            recording = await BeginAsync(plan, device, alongside, cancel).ConfigureAwait(false);
        }
        catch
        {
            _limit.Release();
            throw;
        }
        await FirstFrameAsync(recording, device).ConfigureAwait(false);
        return recording.Snapshot();
    }

    private async Task<ActiveRecording> BeginAsync(RecordingPlan plan, Device device, Action<StateTransaction>? alongside, CancellationToken cancel)
    {
        try
        {
            return await BeginUncheckedAsync(plan, device, alongside, cancel).ConfigureAwait(false);
        }
        catch (NativeException e)
        {
            throw SegmentOpener.Refused(device, e, again: false);
        }
    }

    private async Task<ActiveRecording> BeginUncheckedAsync(RecordingPlan plan, Device device, Action<StateTransaction>? alongside, CancellationToken cancel)
    {
        var request = plan.Request;
        var now = _time.GetUtcNow();
        var parts = await _opener.OpenAsync(
            request, device, streaming: null,
            (command, attempt) => RecordingName.OfFile(device.ShortName, command.FileCodec, now, request.Label, command.Container, attempt),
            cancel).ConfigureAwait(false);
        Contract.Recording? stored = null;
        try
        {
            var (subscription, command, file, _, warm, _, _) = parts;
            var initial = new Contract.Recording
            {
                Id = RecordingName.NewId(now),
                Device = device.Node,
                StableId = device.StableId,
                File = file.Name,
                State = "starting",
                Codec = command.Codec,
                Container = command.Container,
                Format = subscription.Mode.Format,
                Width = subscription.Mode.Width,
                Height = subscription.Mode.Height,
                Fps = Math.Round(subscription.Mode.Fps, 3),
                Started = now,
                Label = request.Label,
                Transport = subscription.Transport.Word,
                SharedMode = subscription.Shared,
                WarmStart = warm,
                Resume = plan.Resume,
                Alias = device.Alias,
                Continues = plan.Continues,
                Segments = [new RecordingSegment { Index = 1, File = file.Name, Started = now }],
            };
            _ledger.Begin(initial, request, alongside);
            stored = initial;
            var recording = new ActiveRecording(
                initial, plan, parts, new SegmentSuccession(initial.Id, plan, device, _opener, _time, _log), _time, Advanced);
            _active[initial.Id] = recording;
            Forget(initial.Id, recording);
            Begun?.Invoke(device.StableId);
            Changed?.Invoke();
            return recording;
        }
        catch (Exception e)
        {
            if (stored is not null)
            {
                var failed = _time.GetUtcNow();
                Advanced(
                    stored with
                    {
                        State = "failed",
                        Reason = "error",
                        Error = e.Message,
                        Stopped = failed,
                        Segments = [stored.Segments[0] with { Stopped = failed, Reason = "error", Error = e.Message, Frames = new FrameCounts() }],
                    },
                    Caller.Daemon, RecordingStep.End(1));
            }
            _opener.Discard(parts);
            await parts.Subscription.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task FirstFrameAsync(ActiveRecording recording, Device device)
    {
        var first = await Task.WhenAny(recording.FirstFrame, recording.Ended, Task.Delay(FirstFrameLimit, _time)).ConfigureAwait(false);
        if (recording.FirstFrame.IsCompletedSuccessfully)
            return;
        if (first != recording.FirstFrame && first != recording.Ended && recording.Snapshot().Frames.Captured > 0)
        {
            // The camera delivers. A frame is longer than the pipe, and this machine takes its time to start ffmpeg.
            first = await Task.WhenAny(recording.FirstFrame, recording.Ended, Task.Delay(FirstReadLimit, _time)).ConfigureAwait(false);
            if (recording.FirstFrame.IsCompletedSuccessfully)
                return;
            if (first != recording.FirstFrame && first != recording.Ended)
            {
                var limit = (FirstFrameLimit + FirstReadLimit).TotalSeconds;
                recording.Stop("error", $"ffmpeg read no frame within {limit} s.");
                var slow = await recording.Ended.ConfigureAwait(false);
                throw new ProblemException(504, "ffmpeg_slow", "ffmpeg reads nothing", $"{device.Node} delivers, but ffmpeg read no frame within {limit} s.",
                    "Is the machine overloaded? Record a smaller size, or fewer cameras at once.", slow.Id);
            }
        }
        else if (first != recording.FirstFrame && first != recording.Ended)
        {
            recording.Stop("error", $"{device.Node} delivered no frame within {FirstFrameLimit.TotalSeconds} s.");
            var late = await recording.Ended.ConfigureAwait(false);
            throw new ProblemException(504, "no_frame", "No frame", $"{device.Node} delivered no frame within {FirstFrameLimit.TotalSeconds} s.",
                "Look at its signal: damctl devices show. Unplug it and plug it in again, or choose another mode.", late.Id);
        }
        var ended = await recording.Ended.ConfigureAwait(false);
        throw ended.Reason is "manual" or "shutdown"
            ? new ProblemException(409, "stopped_while_starting", "Stopped while starting", $"Recording {ended.Id} was stopped before its first frame.",
                "Start it again.", ended.Id)
            : new ProblemException(ended.Reason == "disk_full" ? 507 : 503, "recording_failed", "Recording failed",
                $"Recording {ended.Id} of {device.Node} failed before its first frame: {ended.Error}", "damctl record show " + ended.Id, ended.Id);
    }

    private void Advanced(Contract.Recording state, Caller cause, RecordingStep step)
    {
        _ledger.Advance(state, cause, step);
        foreach (var closed in step.Ended ? [] : step.Closed)
        {
            var file = state.Segments[closed - 1];
            if (file.Reason == "ffmpeg_lost")
                Interlocked.Increment(ref _ffmpegLosses);
            if (file.Error is { } why)
                _log.LogWarning("{Recording} of {Device}: file {Segment} ended ({Reason}), and the recording goes on: {Error}", state.Id, state.Device, closed, file.Reason, why);
            else
                _log.LogInformation("{Recording} of {Device}: file {Segment} ended ({Reason}), and the recording goes on", state.Id, state.Device, closed, file.Reason);
        }
        if (state.Stopped is not null && state.Error is { } error)
            _log.LogError("{Recording} of {Device}: {State} ({Reason}): {Error}", state.Id, state.Device, state.State, state.Reason, error);
        else
            _log.LogInformation("{Recording} of {Device}: {State} {File}", state.Id, state.Device, state.State, state.Segments[^1].File);
        Changed?.Invoke();
    }

    private async void Forget(string id, ActiveRecording recording)
    {
        try
        {
            await recording.Ended.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _log.LogError(e, "{Recording}: ended by a fault of this program", id);
        }
        _active.TryRemove(id, out _);
        _limit.Release();
        Changed?.Invoke();
    }

    /// <summary>Stops one. Answers when its file is final; several callers get the same answer.</summary>
    /// <exception cref="ProblemException">404: there is no such recording. 409: it has ended before.</exception>
    public async Task<Contract.Recording> StopAsync(string id, string reason, CancellationToken cancel)
    {
        if (!_active.TryGetValue(id, out var recording))
        {
            var ended = Get(id);
            throw new ProblemException(409, "recording_ended", "Recording ended", $"Recording {id} has ended already ({ended.State}, {ended.Reason}).",
                $"See it with: damctl record show {id}", id);
        }
        if (reason == "manual")
            StoppedByHand?.Invoke(recording.StableId);
        recording.Stop(reason);
        return await recording.Ended.WaitAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>One recording, running or ended.</summary>
    /// <exception cref="ProblemException">404.</exception>
    public Contract.Recording Get(string id) =>
        _active.TryGetValue(id, out var recording) ? recording.Snapshot() : _ledger.Find(id)
        ?? throw new ProblemException(404, "recording_not_found", "No such recording", $"There is no recording {id}.", "damctl record list shows them.");

    /// <summary>Recordings, the latest first.</summary>
    public IReadOnlyList<Contract.Recording> List(bool activeOnly) => activeOnly
        ? [.. _active.Values.Select(recording => recording.Snapshot()).OrderByDescending(recording => recording.Id, StringComparer.Ordinal)]
        : [.. _ledger.List().Select(stored => _active.TryGetValue(stored.Id, out var recording) ? recording.Snapshot() : stored)];

    /// <summary>Stops every recording and takes no new one. Ends when their files are final.</summary>
    public async Task StopAllAsync(string reason)
    {
        _closing = true;
        foreach (var recording in _active.Values)
            recording.Stop(reason);
        Task ended = Task.WhenAll(_active.Values.Select(recording => recording.Ended));
        await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ledger.Retry();
    }

    /// <summary>The machine was suspended while something recorded: what follows goes into new files.</summary>
    /// <param name="length">How long.</param>
    internal void CutForSuspend(TimeSpan length)
    {
        foreach (var recording in _active.Values)
            recording.CutForSuspend(length);
    }

    /// <summary>Comes round, for the watchdog: takes what every start, stop and end needs, and gives it back.</summary>
    public void ComeRound()
    {
        foreach (var recording in _active.Values)
            _ = recording.Snapshot();
        _ = _ledger.Unstored;
    }

    /// <summary>Whether that camera is recorded, or a recording waits for it.</summary>
    /// <param name="stableId">Who it is.</param>
    internal bool Records(string stableId) => _active.Values.Any(recording => recording.StableId == stableId);

    /// <summary>Ends what a crash left unfinished: each is told as recovered, with what its files hold. Before anything is recorded.</summary>
    internal void Recover()
    {
        foreach (var left in _ledger.Unfinished())
        {
            var (recording, step) = RecoveredRecording.Of(left, _time.GetUtcNow(), _sideDirectory);
            Advanced(recording, Caller.Daemon, step);
            RecoveredRecording.RemoveUnbegun(recording);
        }
    }
}
