using System.Collections.Concurrent;
using ThatDam.Agent.Capture;
using ThatDam.Agent.Devices;
using ThatDam.Agent.Ffmpeg;
using ThatDam.Agent.State;
using ThatDam.Contract;
using ThatDam.Native.Files;

namespace ThatDam.Agent.Recording;

/// <summary>The recordings that run and those that were. Starts and stops them; every change of state is on the disk before it is told.</summary>
public sealed class Recorder
{
    private static readonly TimeSpan FirstFrameLimit = TimeSpan.FromSeconds(5);

    private readonly DeviceCatalog _devices;
    private readonly SessionRegistry _sessions;
    private readonly RecordingCommands _commands;
    private readonly FfmpegPool _pool;
    private readonly OutputFolder _folder;
    private readonly RecordingStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<Recorder> _log;
    private readonly ConcurrentDictionary<string, ActiveRecording> _active = new();
    private volatile bool _closing;

    public Recorder(
        DeviceCatalog devices, SessionRegistry sessions, RecordingCommands commands, FfmpegPool pool, OutputFolder folder, RecordingStore store,
        TimeProvider time, ILogger<Recorder> log) =>
        (_devices, _sessions, _commands, _pool, _folder, _store, _time, _log) = (devices, sessions, commands, pool, folder, store, time, log);

    /// <summary>Told when a recording's state changes.</summary>
    public event Action? Changed;

    /// <summary>Recordings that have not ended.</summary>
    public int ActiveCount => _active.Count;

    /// <summary>Starts one. Answers when its first frame is in the pipe.</summary>
    /// <exception cref="ProblemException">
    /// 404 or 409 for the device; 422 for what cannot be recorded so; 503 or 507 for ffmpeg or the output; 504 when no frame comes in 5 s.
    /// </exception>
    public async Task<Contract.Recording> StartAsync(RecordingRequest request, CancellationToken cancel)
    {
        var plan = RecordingPlan.Of(request);
        await _devices.FreshenAsync(cancel).ConfigureAwait(false);
        var device = _devices.Find(plan.Device);
        if (_closing)
            throw new ProblemException(503, "stopping", "Stopping", "The daemon is about to stop.", "Start the recording again when it is back.");
        var recording = await BeginAsync(plan, device, cancel).ConfigureAwait(false);
        await FirstFrameAsync(recording, device).ConfigureAwait(false);
        return recording.Snapshot();
    }

    private async Task<ActiveRecording> BeginAsync(RecordingPlan plan, Device device, CancellationToken cancel)
    {
        var request = plan.Request;
        var mode = RecordingCommands.Mode(request, device);
        await _commands.ReadyAsync(request, device, cancel).ConfigureAwait(false);
        var subscription = await _sessions.SubscribeAsync(device, mode, cancel).ConfigureAwait(false);
        FileDescriptor? file = null;
        FfmpegProcess? ffmpeg = null;
        Contract.Recording? stored = null;
        try
        {
            var command = await _commands.ForAsync(request, subscription.Mode, cancel).ConfigureAwait(false);
            var now = _time.GetUtcNow();
            file = _folder.CreateFile(attempt =>
                RecordingName.OfFile(device.ShortName, command.FileCodec, now, request.Label, command.Container, attempt));
            ffmpeg = _pool.Take(command.Arguments, out var warm);
            _commands.Used(command.Arguments);
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
                Segments = [new RecordingSegment { Index = 1, File = file.Name, Started = now }],
            };
            _store.Insert(initial);
            stored = initial;
            var recording = new ActiveRecording(initial, subscription, ffmpeg, file, plan.Duration_us, _time, Advanced);
            _active[initial.Id] = recording;
            Forget(initial.Id, recording);
            Changed?.Invoke();
            return recording;
        }
        catch (Exception e)
        {
            if (stored is not null)
                Advanced(stored with { State = "failed", Reason = "error", Error = e.Message, Stopped = _time.GetUtcNow() });
            ffmpeg?.Dispose();
            if (file is not null)
            {
                _folder.Remove(file);
                file.Dispose();
            }
            await subscription.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task FirstFrameAsync(ActiveRecording recording, Device device)
    {
        var first = await Task.WhenAny(recording.FirstFrame, recording.Ended, Task.Delay(FirstFrameLimit, _time)).ConfigureAwait(false);
        if (recording.FirstFrame.IsCompletedSuccessfully)
            return;
        if (first != recording.FirstFrame && first != recording.Ended)
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

    private void Advanced(Contract.Recording state)
    {
        try
        {
            _store.Update(state);
        }
        catch (ProblemException e)
        {
            // The file goes on: its state is told again at the next change, and the start after next finds it unfinished.
            _log.LogError("{Recording}: its state cannot be stored: {Reason}", state.Id, e.Message);
        }
        if (state.Error is { } error)
            _log.LogError("{Recording} of {Device}: {State} ({Reason}): {Error}", state.Id, state.Device, state.State, state.Reason, error);
        else
            _log.LogInformation("{Recording} of {Device}: {State} {File}", state.Id, state.Device, state.State, state.File);
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
        recording.Stop(reason);
        return await recording.Ended.WaitAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>One recording, running or ended.</summary>
    /// <exception cref="ProblemException">404.</exception>
    public Contract.Recording Get(string id) =>
        _active.TryGetValue(id, out var recording) ? recording.Snapshot() : _store.Find(id)
        ?? throw new ProblemException(404, "recording_not_found", "No such recording", $"There is no recording {id}.", "damctl record list shows them.");

    /// <summary>Recordings, the latest first.</summary>
    public IReadOnlyList<Contract.Recording> List(bool activeOnly) => activeOnly
        ? [.. _active.Values.Select(recording => recording.Snapshot()).OrderByDescending(recording => recording.Id, StringComparer.Ordinal)]
        : [.. _store.List(activeOnly: false).Select(stored => _active.TryGetValue(stored.Id, out var recording) ? recording.Snapshot() : stored)];

    /// <summary>Stops every recording and takes no new one. Ends when their files are final.</summary>
    public async Task StopAllAsync(string reason)
    {
        _closing = true;
        foreach (var recording in _active.Values)
            recording.Stop(reason);
        await Task.WhenAll(_active.Values.Select(recording => recording.Ended)).ConfigureAwait(false);
    }

    /// <summary>Ends what a crash left unfinished: each is told as recovered, with what its file holds. Before anything is recorded.</summary>
    public void Recover()
    {
        foreach (var left in _store.Unfinished())
        {
            using var file = OutputFolder.Open(left.File);
            var written = file is null ? 0 : WrittenFrames.Count(file, left.Container);
            var bytes = file?.Length ?? 0;
            var now = _time.GetUtcNow();
            var captured = Math.Max(left.Frames.Captured, written);
            Advanced(left with
            {
                State = written > 0 ? "stopped" : "failed",
                Reason = "recovered",
                Error = file is null ? $"{left.File} is gone." : null,
                Stopped = now,
                Bytes = bytes,
                Frames = left.Frames with { Captured = captured, Written = written, Dropped = captured - left.Frames.Error - written },
                Segments = [.. left.Segments.Select(segment => segment with { Stopped = now, Bytes = bytes })],
            });
        }
    }
}
