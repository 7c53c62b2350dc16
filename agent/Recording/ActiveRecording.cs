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

    // A driver that hangs as it closes a camera keeps neither the recording from its end nor its end from being told.
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(10);

    private readonly RecordingPlan _plan;
    private readonly SegmentSuccession _next;
    private readonly TimeProvider _time;
    private readonly RecordingAccount _account;
    private readonly CancellationTokenSource _stop = new(); // never disposed: who stops it may come late
    private readonly Lock _gate = new();
    private readonly SegmentRun _first;
    private readonly List<Task> _discards = []; // files that were opened in vain
    private volatile RecordingEnd? _asked;
    private Caller _cause = Caller.Daemon;
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
        (_plan, _next, _time, _account) = (plan, next, time, new RecordingAccount(initial, new WallClock(time), told));
        _first = Begin(1, parts, after: null);
        _account.First(_first);
        Ended = Task.Run(RunAsync);
    }

    /// <summary>Ends with the final state.</summary>
    public Task<Contract.Recording> Ended { get; }

    /// <summary>Ends when its very first frame is in the pipe, or is cancelled when none ever will.</summary>
    public Task FirstFrame => _first.FirstFrame;

    /// <summary>Who the camera is.</summary>
    public string StableId => _next.Device.StableId;

    /// <summary>How it stands, with counts of this moment.</summary>
    public Contract.Recording Snapshot() => _account.Snapshot();

    /// <summary>Ends it; the first reason counts. Returns at once: see <see cref="Ended"/>.</summary>
    /// <param name="reason">The contract's word.</param>
    /// <param name="error">What went wrong, if something did.</param>
    public void Stop(string reason, string? error = null)
    {
        lock (_gate)
        {
            if (_asked is null && _account.Told.Stopped is null)
                (_cause, _asked) = (Caller.Current, new RecordingEnd(reason, error));
        }
        foreach (var run in _account.Live)
            run.Stop(CutReason.Asked);
        _ = _stop.CancelAsync();
    }

    /// <summary>The machine was suspended: what follows goes into a new file.</summary>
    /// <param name="length">How long.</param>
    public void CutForSuspend(TimeSpan length)
    {
        _account.Suspend(length);
        // Where no frame has come yet, the file begins after it.
        foreach (var run in _account.Live.Where(run => run.First_us >= 0))
            run.Stop(CutReason.Suspended);
    }

    private SegmentRun Begin(int index, SegmentParts parts, SegmentRun? after)
    {
        var left_us = _plan.Duration_us - _account.Video_us - (after is null ? 0 : _plan.Segment_us);
        var isLast = _plan.Segment_us is not { } segment_us || left_us <= segment_us;
        return new SegmentRun(_account.Told.Id, index, parts, isLast ? left_us : null, after, _time);
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
                Caller.Enter(_account.Cause = _cause);
                _account.Become("stopping");
                await Task.WhenAny(run.Written, run.Ended).ConfigureAwait(false);
                _account.Become("finalising");
            }
            var end = await run.Ended.ConfigureAwait(false);
            _empty = end.Frames.Written > 0 ? 0 : _empty + 1;
            var subscription = run.Parts.Subscription;
            if (follower is not null)
            {
                Cut(run, end, "recording");
                await CloseAsync(subscription).ConfigureAwait(false);
                run = follower;
                continue;
            }
            if (!GoesOn(end))
                return await EndAsync(run, end).ConfigureAwait(false);
            var streamsOn = SegmentSuccession.Why(end.Cut) is null;
            subscription.Returns = true;
            Cut(run, end, streamsOn ? "recording" : "waiting");
            if (!streamsOn)
                await CloseAsync(subscription).ConfigureAwait(false);
            SegmentRun? next;
            RecordingEnd? failed;
            try
            {
                (next, failed) = await NextAsync(end.Cut, streamsOn ? subscription : null).ConfigureAwait(false);
            }
            catch
            {
                await CloseAsync(subscription).ConfigureAwait(false);
                throw;
            }
            if (next is null)
            {
                await CloseAsync(subscription).ConfigureAwait(false);
                _next.GiveUp();
                return End(failed!);
            }
            run = next;
        }
    }

    /// <summary>One file until it takes no more frames. Returns the one that goes on in its place already, if there is one.</summary>
    private async Task<SegmentRun?> WriteAsync(SegmentRun run)
    {
        await Task.WhenAny(run.FirstFrame, run.Stopped, run.Written).ConfigureAwait(false);
        if (run.First_us >= 0)
            _account.Begin(run);
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
        // Behind its back: that this one has ended is news that does not wait.
        _discards.Add(_next.DiscardAsync(follower));
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
            catch (Exception e)
            {
                // Whatever it was: this file goes on, and the next try may have more luck.
                _next.Tell(e);
                await Task.Delay(TimeSpan.FromSeconds(1), _time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        return null;
    }

    /// <summary>The file after one that has ended; or why there is none.</summary>
    private async Task<(SegmentRun? Run, RecordingEnd? Failed)> NextAsync(CutReason cut, Subscription? streaming)
    {
        if (_plan.Duration_us is { } limit_us && _account.Video_us >= limit_us)
            return (null, new RecordingEnd("duration", null));
        var index = _account.Told.Segments.Count + 1;
        try
        {
            var run = await _next.OpenAsync(
                Name(index), cut, streaming, pause: _empty > 0 && streaming is not null, parts => Begin(index, parts, after: null),
                waits: () => _account.Become("waiting"), _stop.Token).ConfigureAwait(false);
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
        (command, attempt) => RecordingName.OfFile(_account.Told.Segments[0].File, index, command.Container, attempt);

    private async Task<bool> IsEndAsync(SegmentRun run) =>
        _asked is not null || (run.IsLast && run.Stopped.IsCompletedSuccessfully && (await run.Stopped.ConfigureAwait(false)).Cause == ConsumerStopCause.Duration);

    private bool GoesOn(SegmentEnd end) => _asked is null && FirstFrame.IsCompletedSuccessfully && RecordingVerdict.WouldGoOn(end.Cut, _plan.Resume)
        && (end.Cut != CutReason.FfmpegLost || _empty < MaxEmptyFiles);

    private void Opened(SegmentRun run)
    {
        _account.Open(run, _next.Device.Node);
        if (_asked is not null)
            run.Stop(CutReason.Asked); // asked while it was opened
    }

    // A file is final, and the recording goes on.
    private void Cut(SegmentRun run, SegmentEnd end, string goesOn)
    {
        _next.RemoveEmpty(run, end);
        _account.Cut(run, end, goesOn);
    }

    // A camera that was unplugged is told at once, for to close it may take its time; else it is free when the end is told.
    private async Task<Contract.Recording> EndAsync(SegmentRun run, SegmentEnd end)
    {
        var subscription = run.Parts.Subscription;
        if (end.Cut != CutReason.DeviceLost)
            await CloseAsync(subscription).ConfigureAwait(false);
        _next.RemoveEmpty(run, end);
        var final = End(RecordingVerdict.OfAll(end, _asked, _account.Written + end.Frames.Written, _plan.Resume), (run, end));
        await CloseAsync(subscription).ConfigureAwait(false);
        await Task.WhenAll(_discards).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return final;
    }

    private async Task<Contract.Recording> FailAsync(Exception fault)
    {
        var ends = new List<(SegmentRun Run, SegmentEnd End)>();
        foreach (var run in _account.Live)
        {
            run.Stop(CutReason.Fault);
            ends.Add((run, await run.Ended.ConfigureAwait(false)));
            await CloseAsync(run.Parts.Subscription).ConfigureAwait(false);
        }
        _next.GiveUp();
        return End(new RecordingEnd("error", $"It could not be brought to its end: {fault.Message}"), [.. ends]);
    }

    private Contract.Recording End(RecordingEnd how, params IReadOnlyList<(SegmentRun Run, SegmentEnd End)> files)
    {
        _account.Cause = _cause;
        return _account.End(how, files);
    }

    /// <summary>Gives up the camera. A driver that hangs as it closes does so behind the recording's back.</summary>
    private async Task CloseAsync(Subscription subscription)
    {
        try
        {
            await subscription.DisposeAsync().AsTask().WaitAsync(CloseLimit, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _next.TellHang();
        }
    }
}
