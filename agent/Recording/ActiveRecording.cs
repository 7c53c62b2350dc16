using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using ThatDam.Agent.Capture;
using ThatDam.Agent.Devices;
using ThatDam.Agent.Tenancy;
using ThatDam.Contract;

namespace ThatDam.Agent.Recording;

/// <summary>
/// One recording while it runs: a file after another, from its start to its end. A file follows when ffmpeg was lost, the camera stalled,
/// its signal changed, the machine was suspended; and, where that was asked for, when a camera that was unplugged is back.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Disposes what it owns when it ends; it always ends.")]
internal sealed class ActiveRecording
{
    private const int MaxEmptyFiles = 3;
    private static readonly TimeSpan EmptyPause = TimeSpan.FromSeconds(1);

    private readonly RecordingPlan _plan;
    private readonly SegmentOpener _opener;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Action<Contract.Recording, Caller, RecordingStep> _told;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly RecordingTotals _totals = new();
    private readonly SegmentRun _first;
    private Contract.Recording _state;
    private RecordingRequest _request;
    private Device _device;
    private SegmentParts _parts;
    private SegmentRun? _run;
    private RecordingEnd? _asked;
    private Caller _cause = Caller.Daemon;
    private TimeSpan _suspended;
    private int _empty;

    /// <summary>Takes ownership of what the first file is made of, and starts.</summary>
    /// <param name="initial">What is known of it, in state starting.</param>
    /// <param name="plan">What was asked for.</param>
    /// <param name="device">The camera.</param>
    /// <param name="parts">What the first file is made of.</param>
    /// <param name="opener">Opens the next ones.</param>
    /// <param name="time">The clock.</param>
    /// <param name="told">Told each new state, who caused it, and what changed; it stores it.</param>
    /// <param name="log">Told why it waits.</param>
    /// <exception cref="ProblemException">The driver refuses to stream; nothing is owned then.</exception>
    public ActiveRecording(
        Contract.Recording initial, RecordingPlan plan, Device device, SegmentParts parts, SegmentOpener opener, TimeProvider time,
        Action<Contract.Recording, Caller, RecordingStep> told, ILogger log)
    {
        (_state, _plan, _request, _device, _parts, _opener, _time, _told, _log) = (initial, plan, plan.Request, device, parts, opener, time, told, log);
        _run = _first = Begin(parts);
        Ended = Task.Run(RunAsync);
    }

    /// <summary>Ends with the final state.</summary>
    public Task<Contract.Recording> Ended { get; }

    /// <summary>Ends when its very first frame is in the pipe, or is cancelled when none ever will.</summary>
    public Task FirstFrame => _first.FirstFrame;

    /// <summary>Who the camera is.</summary>
    public string StableId => _device.StableId;

    /// <summary>How it stands, with counts of this moment.</summary>
    public Contract.Recording Snapshot()
    {
        lock (_gate)
            return Live();
    }

    /// <summary>Ends it; the first reason counts. Returns at once: see <see cref="Ended"/>.</summary>
    /// <param name="reason">The contract's word.</param>
    /// <param name="error">What went wrong, if something did.</param>
    public void Stop(string reason, string? error = null)
    {
        SegmentRun? run;
        lock (_gate)
        {
            if (_asked is null && _state.Stopped is null)
                (_asked, _cause) = (new RecordingEnd(reason, error), Caller.Current);
            run = _run;
        }
        _stop.Cancel();
        run?.Stop(CutReason.Asked);
    }

    /// <summary>The machine was suspended: what follows goes into a new file.</summary>
    /// <param name="length">How long.</param>
    public void CutForSuspend(TimeSpan length)
    {
        lock (_gate)
        {
            _suspended += length;
            _run?.Stop(CutReason.Suspended);
        }
    }

    private SegmentRun Begin(SegmentParts parts)
    {
        var left_us = _plan.Duration_us - _totals.Span_us;
        var isWhole = _plan.Segment_us is not { } segment_us || left_us <= segment_us;
        return new SegmentRun(_state.Id, parts, isWhole ? left_us : _plan.Segment_us, isWhole, _time);
    }

    private async Task<Contract.Recording> RunAsync()
    {
        // It outlives the request that started it.
        Caller.Enter(Caller.Daemon);
        try
        {
            return await ToItsEndAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Whatever it was: the recording has ended, and the daemon goes on.
            await _parts.Subscription.DisposeAsync().ConfigureAwait(false);
            return Finish(null, new RecordingEnd("error", $"It could not be brought to its end: {e.Message}"));
        }
        finally
        {
            _stop.Dispose();
        }
    }

    private async Task<Contract.Recording> ToItsEndAsync()
    {
        while (true)
        {
            var end = await SegmentAsync(_run!).ConfigureAwait(false);
            _empty = end.Frames.Written > 0 ? 0 : _empty + 1;
            if (!GoesOn(end))
            {
                await _parts.Subscription.DisposeAsync().ConfigureAwait(false);
                return Finish(end, RecordingEnd.Of(end, _asked, _totals.Frames.Written + end.Frames.Written));
            }
            var keep = Why(end.Cut) is null ? _parts.Subscription : null;
            _parts.Subscription.Returns = true;
            if (keep is null)
                await _parts.Subscription.DisposeAsync().ConfigureAwait(false);
            Cut(end);
            RecordingEnd? failed;
            try
            {
                failed = await NextAsync(end, keep).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                failed = _asked ?? new RecordingEnd("manual", null);
            }
            if (keep is not null)
                await keep.DisposeAsync().ConfigureAwait(false);
            if (failed is not null)
            {
                _opener.Sessions.Forgo(StableId);
                return Finish(null, failed);
            }
        }
    }

    /// <summary>One file from its first frame to its end.</summary>
    private async Task<SegmentEnd> SegmentAsync(SegmentRun run)
    {
        await Task.WhenAny(run.FirstFrame, run.Stopped, run.Written).ConfigureAwait(false);
        if (run.FirstFrame.IsCompletedSuccessfully)
            Advance(state => RecordingGaps.Close(Began(state), run.First_us - _totals.Last_us, TakeSuspended()));
        await Task.WhenAny(run.Stopped, run.Written).ConfigureAwait(false);
        if (_asked is not null || (run.Stopped.IsCompletedSuccessfully && _plan.Segment_us is null && await IsOfTimeAsync(run).ConfigureAwait(false)))
        {
            Caller.Enter(_cause);
            Advance(state => state with { State = "stopping" });
            await Task.WhenAny(run.Written, run.Ended).ConfigureAwait(false);
            Advance(state => state with { State = "finalising" });
        }
        return await run.Ended.ConfigureAwait(false);
    }

    private static async Task<bool> IsOfTimeAsync(SegmentRun run) => (await run.Stopped.ConfigureAwait(false)).Cause == Piping.ConsumerStopCause.Duration;

    private Contract.Recording Began(Contract.Recording state) => state with
    {
        State = "recording",
        Segments = [.. state.Segments.SkipLast(1), state.Segments[^1] with { Started = _time.GetUtcNow() }],
    };

    /// <summary>Whether another file follows.</summary>
    private bool GoesOn(SegmentEnd end)
    {
        if (_asked is not null || !FirstFrame.IsCompletedSuccessfully)
            return false;
        return end.Cut switch
        {
            CutReason.Segment or CutReason.Suspended => true,
            CutReason.FfmpegLost => _totals.Frames.Written + end.Frames.Written > 0 && _empty < MaxEmptyFiles,
            CutReason.Stalled or CutReason.SourceChanged => true,
            CutReason.DeviceLost => _plan.Resume,
            _ => false,
        };
    }

    /// <summary>What is to be waited for before the next file; null: nothing, the camera streams on.</summary>
    private static StreamEndCause? Why(CutReason cut) => cut switch
    {
        CutReason.DeviceLost => StreamEndCause.DeviceLost,
        CutReason.SourceChanged => StreamEndCause.SourceChanged,
        CutReason.Stalled => StreamEndCause.Failed,
        _ => null,
    };

    private void Cut(SegmentEnd end)
    {
        lock (_gate)
            _run = null;
        var last_us = _totals.Last_us;
        _totals.Add(end);
        var reason = end.Word("manual");
        Advance(
            state => RecordingGaps.Open(
                state with
                {
                    State = Why(end.Cut) is null ? state.State : "waiting",
                    Segments = [.. state.Segments.SkipLast(1), Closed(state.Segments[^1], end, reason)],
                },
                end.Last_us >= 0 ? _time.GetUtcNow() - Age(end.Last_us) : null, reason),
            RecordingStep.Cut);
    }

    private static TimeSpan Age(long monotonic_us) => TimeSpan.FromMicroseconds((Stopwatch.GetTimestamp() / 1000) - monotonic_us);

    private RecordingSegment Closed(RecordingSegment segment, SegmentEnd end, string reason) => segment with
    {
        Stopped = _time.GetUtcNow(),
        Bytes = end.Bytes,
        DurationS = Math.Round(end.Span_us / 1e6, 3),
        Reason = reason,
        Error = end.Error,
        Frames = end.Frames,
    };

    /// <summary>Opens the next file, however long it takes. Null when it runs; else why there is none.</summary>
    private async Task<RecordingEnd?> NextAsync(SegmentEnd end, Subscription? keep)
    {
        var why = Why(end.Cut);
        if (end.Cut == CutReason.SourceChanged && _request is not { Width: null, Height: null, Fps: null })
        {
            _log.LogWarning("{Recording} of {Device}: the source has changed; from here on its size and rate are the source's own", _state.Id, _state.Device);
            _request = _request with { Width = null, Height = null, Fps = null };
        }
        if (_plan.Duration_us is { } limit_us && _totals.Span_us >= limit_us)
            return new RecordingEnd("duration", null);
        string? toldCode = null;
        for (var failures = 0; ;)
        {
            try
            {
                if (why is { } cause)
                    _device = await _opener.Sessions.ReturnAsync(StableId, cause, _stop.Token).ConfigureAwait(false);
                else if (_empty > 0 || failures > 0)
                    await Task.Delay(EmptyPause, _time, _stop.Token).ConfigureAwait(false);
                await OpenAsync().ConfigureAwait(false);
                return null;
            }
            catch (ProblemException e)
            {
                if (e.Problem.Code != toldCode)
                    _log.LogWarning("{Recording} of {Device}: no new file yet: {Reason}", _state.Id, _state.Device, e.Message);
                toldCode = e.Problem.Code;
                if (IsOfCamera(e.Problem.Code))
                    why = why is null or StreamEndCause.DeviceLost or StreamEndCause.SourceChanged ? Again(e.Problem.Code) : why;
                else if (e.Problem.Code == "disk_full")
                    return new RecordingEnd("disk_full", e.Message);
                else if (++failures >= MaxEmptyFiles)
                    return new RecordingEnd("error", e.Message);
                if (keep is not null)
                    await keep.DisposeAsync().ConfigureAwait(false); // a camera that is tried anew is closed before
            }
        }
    }

    // What passes when the camera, or who holds it, is given time.
    private static bool IsOfCamera(string code) => code is "device_busy" or "usb_bandwidth" or "device_failed" or "device_lost" or "device_offline"
        or "no_signal" or "mode_unavailable" or "mode_conflict" or "device_denied" or "device_not_found";

    private static StreamEndCause Again(string code) => code switch
    {
        "device_lost" or "device_offline" => StreamEndCause.DeviceLost,
        "no_signal" => StreamEndCause.SourceChanged,
        _ => StreamEndCause.Failed,
    };

    private async Task OpenAsync()
    {
        var index = _state.Segments.Count + 1;
        var first = _state.Segments[0].File;
        var parts = await _opener.OpenAsync(
            _request, _device, (command, attempt) => RecordingName.OfFile(first, index, command.Container, attempt), _stop.Token).ConfigureAwait(false);
        SegmentRun run;
        try
        {
            run = Begin(parts);
        }
        catch
        {
            await _opener.DiscardAsync(parts).ConfigureAwait(false);
            throw;
        }
        lock (_gate)
            (_parts, _run) = (parts, run);
        var mode = parts.Subscription.Mode;
        Advance(
            state => state with
            {
                Device = _device.Node,
                Format = mode.Format,
                Width = mode.Width,
                Height = mode.Height,
                Fps = Math.Round(mode.Fps, 3),
                Transport = parts.Subscription.Transport.Word,
                Segments = [.. state.Segments, new RecordingSegment { Index = index, File = parts.File.Name, Started = _time.GetUtcNow() }],
            },
            RecordingStep.Opened);
        if (_asked is not null)
            run.Stop(CutReason.Asked); // asked while it was opened
    }

    private TimeSpan TakeSuspended()
    {
        var suspended = _suspended;
        _suspended = TimeSpan.Zero;
        return suspended;
    }

    private Contract.Recording Finish(SegmentEnd? end, RecordingEnd how)
    {
        lock (_gate)
            _run = null;
        if (end is not null)
            _totals.Add(end);
        var now = _time.GetUtcNow();
        return Advance(
            state => state with
            {
                State = how.Reason is "error" or "disk_full" || _totals.Frames.Written == 0 ? "failed" : "stopped",
                Reason = how.Reason,
                Error = how.Error,
                Stopped = now,
                Segments = end is null ? state.Segments : [.. state.Segments.SkipLast(1), Closed(state.Segments[^1], end, how.Reason)],
            },
            end is null ? RecordingStep.EndedBetween : RecordingStep.Ended);
    }

    private Contract.Recording Live()
    {
        var now = _state.Stopped is null ? _run?.Now() : null;
        return _totals.Into(_state, now);
    }

    private Contract.Recording Advance(Func<Contract.Recording, Contract.Recording> change, RecordingStep step = RecordingStep.Advanced)
    {
        Contract.Recording told;
        lock (_gate)
        {
            _state = change(_state);
            told = _state = Live();
        }
        _told(told, _cause, step);
        return told;
    }
}
