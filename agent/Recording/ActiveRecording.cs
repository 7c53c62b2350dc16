using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using ThatDam.Agent.Capture;
using ThatDam.Agent.Piping;
using ThatDam.Agent.Tenancy;
using ThatDam.Contract;

namespace ThatDam.Agent.Recording;

/// <summary>
/// One recording while it runs: a file after another, from its start to its end. A file follows when its time is up, ffmpeg was lost, the
/// camera stalled, its signal changed, the machine was suspended; and, where that was asked for, when a camera that was unplugged is back.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Disposes what it owns when it ends; it always ends.")]
internal sealed class ActiveRecording
{
    private const int MaxEmptyFiles = 3;
    private static readonly TimeSpan SanestAge = TimeSpan.FromMinutes(10);

    private readonly RecordingPlan _plan;
    private readonly SegmentSuccession _next;
    private readonly TimeProvider _time;
    private readonly Action<Contract.Recording, Caller, RecordingStep> _told;
    private readonly CancellationTokenSource _stop = new(); // never disposed: who stops it may come late
    private readonly Lock _gate = new();
    private readonly RecordingTotals _totals = new();
    private readonly List<SegmentRun> _live = []; // of two, the first is being brought to its end
    private readonly SegmentRun _first;
    private Contract.Recording _state;
    private RecordingEnd? _asked;
    private Caller _cause = Caller.Daemon;
    private TimeSpan _suspended;
    private int _empty;

    /// <summary>Takes ownership of what the first file is made of, and starts.</summary>
    /// <param name="initial">What is known of it, in state starting.</param>
    /// <param name="plan">What was asked for.</param>
    /// <param name="parts">What the first file is made of.</param>
    /// <param name="next">Opens the others.</param>
    /// <param name="time">The clock.</param>
    /// <param name="told">Told each new state, who caused it, and what changed; it stores it.</param>
    /// <exception cref="ProblemException">The driver refuses to stream; nothing is owned then.</exception>
    public ActiveRecording(
        Contract.Recording initial, RecordingPlan plan, SegmentParts parts, SegmentSuccession next, TimeProvider time,
        Action<Contract.Recording, Caller, RecordingStep> told)
    {
        (_state, _plan, _next, _time, _told) = (initial, plan, next, time, told);
        _first = Begin(1, parts, after: null);
        _live.Add(_first);
        Ended = Task.Run(RunAsync);
    }

    /// <summary>Ends with the final state.</summary>
    public Task<Contract.Recording> Ended { get; }

    /// <summary>Ends when its very first frame is in the pipe, or is cancelled when none ever will.</summary>
    public Task FirstFrame => _first.FirstFrame;

    /// <summary>Who the camera is.</summary>
    public string StableId => _next.Device.StableId;

    /// <summary>How it stands, with counts of this moment.</summary>
    public Contract.Recording Snapshot()
    {
        lock (_gate)
            return Counted();
    }

    /// <summary>Ends it; the first reason counts. Returns at once: see <see cref="Ended"/>.</summary>
    /// <param name="reason">The contract's word.</param>
    /// <param name="error">What went wrong, if something did.</param>
    public void Stop(string reason, string? error = null)
    {
        lock (_gate)
        {
            if (_asked is null && _state.Stopped is null)
                (_asked, _cause) = (new RecordingEnd(reason, error), Caller.Current);
            foreach (var run in _live)
                run.Stop(CutReason.Asked);
        }
        _ = _stop.CancelAsync();
    }

    /// <summary>The machine was suspended: what follows goes into a new file.</summary>
    /// <param name="length">How long.</param>
    public void CutForSuspend(TimeSpan length)
    {
        lock (_gate)
        {
            _suspended += length;
            // Where no frame has come yet, the file begins after it.
            foreach (var run in _live.Where(run => run.First_us >= 0))
                run.Stop(CutReason.Suspended);
        }
    }

    private SegmentRun Begin(int index, SegmentParts parts, SegmentRun? after)
    {
        var left_us = _plan.Duration_us - _totals.Video_us - (after is null ? 0 : _plan.Segment_us);
        var isLast = _plan.Segment_us is not { } segment_us || left_us <= segment_us;
        return new SegmentRun(_state.Id, index, parts, isLast ? left_us : null, after, _time);
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
            return await FailAsync(e).ConfigureAwait(false);
        }
    }

    private async Task<Contract.Recording> ToItsEndAsync()
    {
        for (var run = _first; ;)
        {
            var follower = await WriteAsync(run).ConfigureAwait(false);
            if (follower is null && await IsEndAsync(run).ConfigureAwait(false))
            {
                Caller.Enter(_cause);
                Advance(state => state with { State = "stopping" });
                await Task.WhenAny(run.Written, run.Ended).ConfigureAwait(false);
                Advance(state => state with { State = "finalising" });
            }
            var end = await run.Ended.ConfigureAwait(false);
            _empty = end.Frames.Written > 0 ? 0 : _empty + 1;
            var subscription = run.Parts.Subscription;
            if (follower is not null)
            {
                Cut(run, end, "recording");
                await subscription.DisposeAsync().ConfigureAwait(false);
                run = follower;
                continue;
            }
            if (!GoesOn(end))
                return await EndAsync(run, end).ConfigureAwait(false);
            var streamsOn = SegmentSuccession.Why(end.Cut) is null;
            subscription.Returns = true;
            Cut(run, end, streamsOn ? "recording" : "waiting");
            if (!streamsOn)
                await subscription.DisposeAsync().ConfigureAwait(false);
            var (next, failed) = await NextAsync(end.Cut, streamsOn ? subscription : null).ConfigureAwait(false);
            if (next is null)
            {
                await subscription.DisposeAsync().ConfigureAwait(false);
                _next.GiveUp();
                return Finish(failed!, RecordingStep.EndedBetween);
            }
            run = next;
        }
    }

    /// <summary>One file until it takes no more frames. Returns the one that goes on in its place already, if there is one.</summary>
    private async Task<SegmentRun?> WriteAsync(SegmentRun run)
    {
        await Task.WhenAny(run.FirstFrame, run.Stopped, run.Written).ConfigureAwait(false);
        if (run.First_us >= 0)
            Began(run);
        if (_plan.Segment_us is not { } segment_us || run.IsLast)
        {
            await Task.WhenAny(run.Stopped, run.Written).ConfigureAwait(false);
            return null;
        }
        using var over = new CancellationTokenSource();
        var joining = JoinAsync(run, segment_us, over.Token);
        await Task.WhenAny(run.Stopped, run.Written).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        if (await joining.ConfigureAwait(false) is not { } follower)
            return null;
        await run.Stopped.ConfigureAwait(false);
        if (run.HandsOver)
        {
            Opened(follower);
            return follower;
        }
        await _next.DiscardAsync(follower).ConfigureAwait(false);
        return null;
    }

    /// <summary>Opens the next file a little before the time of this one is up, so that no frame is lost between them. Until it is open, this one goes on.</summary>
    private async Task<SegmentRun?> JoinAsync(SegmentRun run, long segment_us, CancellationToken over)
    {
        var lead_us = Math.Min(2_000_000, segment_us / 2);
        while (!over.IsCancellationRequested)
        {
            try
            {
                var left_us = segment_us - lead_us - run.Span_us;
                if (left_us > 0)
                {
                    await Task.Delay(TimeSpan.FromMicroseconds(Math.Max(left_us, 100_000)), _time, over).ConfigureAwait(false);
                    continue;
                }
                var follower = await _next.JoinAsync(Name(run.Index + 1), parts => Begin(run.Index + 1, parts, run), over).ConfigureAwait(false);
                run.EndAt(segment_us);
                return follower;
            }
            catch (OperationCanceledException)
            {
                return null;
            }
            catch (ProblemException e)
            {
                _next.Tell(e);
                await Task.Delay(TimeSpan.FromSeconds(1), _time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        return null;
    }

    /// <summary>The file after one that has ended; or why there is none.</summary>
    private async Task<(SegmentRun? Run, RecordingEnd? Failed)> NextAsync(CutReason cut, Subscription? streaming)
    {
        if (_plan.Duration_us is { } limit_us && _totals.Video_us >= limit_us)
            return (null, new RecordingEnd("duration", null));
        var index = _state.Segments.Count + 1;
        try
        {
            var run = await _next.OpenAsync(
                Name(index), cut, streaming, pause: _empty > 0 && streaming is not null, parts => Begin(index, parts, after: null),
                waits: () => Advance(state => state with { State = "waiting" }), _stop.Token).ConfigureAwait(false);
            Opened(run);
            return (run, null);
        }
        catch (OperationCanceledException)
        {
            return (null, _asked ?? new RecordingEnd("manual", null));
        }
        catch (ProblemException e)
        {
            return (null, _asked ?? new RecordingEnd(e.Problem.Code == "disk_full" ? "disk_full" : "error", e.Message));
        }
    }

    private Func<RecordingCommand, int, string> Name(int index) =>
        (command, attempt) => RecordingName.OfFile(_state.Segments[0].File, index, command.Container, attempt);

    private async Task<bool> IsEndAsync(SegmentRun run) =>
        _asked is not null || (run.IsLast && run.Stopped.IsCompletedSuccessfully && (await run.Stopped.ConfigureAwait(false)).Cause == ConsumerStopCause.Duration);

    private bool GoesOn(SegmentEnd end) => _asked is null && FirstFrame.IsCompletedSuccessfully && end.Cut switch
    {
        CutReason.Segment or CutReason.Suspended or CutReason.Stalled or CutReason.SourceChanged => true,
        CutReason.FfmpegLost => _empty < MaxEmptyFiles,
        CutReason.DeviceLost => _plan.Resume,
        _ => false,
    };

    private void Opened(SegmentRun run)
    {
        var (index, parts, mode) = (run.Index, run.Parts, run.Parts.Subscription.Mode);
        Advance(
            state =>
            {
                _live.Add(run);
                return state with
                {
                    Device = _next.Device.Node,
                    Format = mode.Format,
                    Width = mode.Width,
                    Height = mode.Height,
                    Fps = Math.Round(mode.Fps, 3),
                    Transport = parts.Subscription.Transport.Word,
                    Segments = [.. state.Segments, new RecordingSegment { Index = index, File = parts.File.Name, Started = _time.GetUtcNow() }],
                };
            },
            RecordingStep.Begin(index));
        if (_asked is not null)
            run.Stop(CutReason.Asked); // asked while it was opened
    }

    // With its first frame. The time since the last one is known now.
    private void Began(SegmentRun run)
    {
        Advance(state =>
        {
            var length_us = run.First_us - _totals.Last_us;
            var began = state with { State = "recording", Segments = With(state, run.Index, segment => segment with { Started = When(run.First_us) }) };
            if (run.Index > 1 && _totals.Last_us >= 0 && RecordingGaps.IsGap(length_us, run.Interval_us))
                began = RecordingGaps.Open(began, run.Index - 1, When(_totals.Last_us), "segment"); // none lasts after a file whose time was up
            began = RecordingGaps.Close(began, length_us, _suspended);
            _suspended = TimeSpan.Zero;
            return began;
        });
    }

    // A file is final, and the recording goes on.
    private void Cut(SegmentRun run, SegmentEnd end, string goesOn)
    {
        _next.RemoveEmpty(run, end);
        Advance(
            state =>
            {
                Add(run, end);
                var cut = Close(state, run, end, "manual") with { State = goesOn };
                return end.Cut == CutReason.Segment
                    ? cut
                    : RecordingGaps.Open(cut, run.Index, end.Last_us >= 0 ? When(end.Last_us) - _suspended : null, end.Word("manual"));
            },
            RecordingStep.Cut(run.Index));
    }

    // A camera that was unplugged is told at once, for to close it may take its time; else it is free when the end is told.
    private async Task<Contract.Recording> EndAsync(SegmentRun run, SegmentEnd end)
    {
        var subscription = run.Parts.Subscription;
        if (end.Cut != CutReason.DeviceLost)
            await subscription.DisposeAsync().ConfigureAwait(false);
        _next.RemoveEmpty(run, end);
        var how = RecordingVerdict.OfAll(end, _asked, _totals.Written + end.Frames.Written);
        var final = Finish(how, RecordingStep.End(run.Index), state =>
        {
            Add(run, end);
            var closed = Close(state, run, end, how.Reason);
            // A word of a file after which a recording goes on is none of the last one's.
            return closed with { Segments = With(closed, run.Index, segment => segment with { Reason = how.Reason }) };
        });
        await subscription.DisposeAsync().ConfigureAwait(false);
        return final;
    }

    private async Task<Contract.Recording> FailAsync(Exception fault)
    {
        List<SegmentRun> left;
        lock (_gate)
            left = [.. _live];
        var ends = new List<(SegmentRun Run, SegmentEnd End)>();
        foreach (var run in left)
        {
            run.Stop(CutReason.Fault);
            ends.Add((run, await run.Ended.ConfigureAwait(false)));
            await run.Parts.Subscription.DisposeAsync().ConfigureAwait(false);
        }
        _next.GiveUp();
        return Finish(
            new RecordingEnd("error", $"It could not be brought to its end: {fault.Message}"),
            left.Count == 0 ? RecordingStep.EndedBetween : RecordingStep.End([.. left.Select(run => run.Index)]),
            state =>
            {
                foreach (var (run, end) in ends)
                {
                    Add(run, end);
                    state = Close(state, run, end, "error");
                }
                return state;
            });
    }

    private Contract.Recording Finish(RecordingEnd how, RecordingStep step, Func<Contract.Recording, Contract.Recording>? close = null) => Advance(
        state => (close?.Invoke(state) ?? state) with
        {
            State = how.Reason is "error" or "disk_full" || _totals.Written == 0 ? "failed" : "stopped",
            Reason = how.Reason,
            Error = how.Error,
            Stopped = _time.GetUtcNow(),
        },
        step);

    private void Add(SegmentRun run, SegmentEnd end)
    {
        _live.Remove(run);
        _totals.Add(end);
    }

    private Contract.Recording Close(Contract.Recording state, SegmentRun run, SegmentEnd end, string asked) => RecordingGaps.Within(
        state with { Segments = With(state, run.Index, segment => Closed(segment, end, asked)) }, run.Index, end.Holes, When);

    private RecordingSegment Closed(RecordingSegment segment, SegmentEnd end, string asked) => segment with
    {
        Stopped = _time.GetUtcNow(),
        Bytes = end.Bytes,
        DurationS = Math.Round(end.Span_us / 1e6, 3),
        Reason = end.Word(asked),
        Error = end.Error,
        Frames = end.Frames,
    };

    private static IReadOnlyList<RecordingSegment> With(Contract.Recording state, int index, Func<RecordingSegment, RecordingSegment> change) =>
        [.. state.Segments.Select(segment => segment.Index == index ? change(segment) : segment)];

    // Wall time of a frame; of a camera whose clock is none of ours, this moment.
    private DateTimeOffset When(long monotonic_us)
    {
        var age = TimeSpan.FromMicroseconds((Stopwatch.GetTimestamp() / 1000) - monotonic_us);
        return _time.GetUtcNow() - (age >= TimeSpan.Zero && age < SanestAge ? age : TimeSpan.Zero);
    }

    private Contract.Recording Counted() => _totals.Into(_state, [.. _live.Select(run => (run.Index, run.Now()))]);

    private Contract.Recording Advance(Func<Contract.Recording, Contract.Recording> change, RecordingStep? step = null)
    {
        Contract.Recording told;
        lock (_gate)
        {
            _state = change(_state);
            told = _state = Counted();
        }
        _told(told, _cause, step ?? RecordingStep.Advanced);
        return told;
    }
}
