using ThatDam.Agent.Tenancy;

namespace ThatDam.Agent.Recording;

/// <summary>
/// What is known of a recording while it runs: its state, its files, their sums, the gaps between them. Each change is told, in its order.
/// For any thread; one thread changes it.
/// </summary>
/// <param name="initial">What is known of it, in state starting.</param>
/// <param name="clock">The wall clock.</param>
/// <param name="told">Told each new state, who caused it, and what changed; it stores it.</param>
internal sealed class RecordingAccount(Contract.Recording initial, WallClock clock, Action<Contract.Recording, Caller, RecordingStep> told)
{
    private readonly Lock _gate = new();
    private readonly List<SegmentRun> _live = []; // of two, the first is being brought to its end
    private readonly RecordingTotals _totals = new();
    private volatile Contract.Recording _state = initial;
    private TimeSpan _suspended;

    /// <summary>Who causes what changes from now on.</summary>
    public Caller Cause { get; set; } = Caller.Daemon;

    /// <summary>As it was told last.</summary>
    public Contract.Recording Told => _state;

    /// <summary>Frames in the files that are final.</summary>
    public long Written => _totals.Written;

    /// <summary>Video in the files that are final, microseconds.</summary>
    public long Video_us => _totals.Video_us;

    /// <summary>The files that are being written.</summary>
    public IReadOnlyList<SegmentRun> Live
    {
        get
        {
            lock (_gate)
                return [.. _live];
        }
    }

    /// <summary>How it stands, with counts of this moment.</summary>
    public Contract.Recording Snapshot()
    {
        lock (_gate)
            return Counted();
    }

    /// <summary>It comes into a state.</summary>
    public void Become(string state) => Advance(now => now with { State = state });

    /// <summary>The first file is being written.</summary>
    public void First(SegmentRun run)
    {
        lock (_gate)
            _live.Add(run);
    }

    /// <summary>A further file is being written. It is told with its first frame: a camera that is there and frozen is tried without an end.</summary>
    /// <param name="run">The file.</param>
    /// <param name="node">Where the camera is now.</param>
    public void Open(SegmentRun run, string node)
    {
        var subscription = run.Parts.Subscription;
        var mode = subscription.Mode;
        Advance(state =>
        {
            _live.Add(run);
            return state with
            {
                Device = node,
                Format = mode.Format,
                Width = mode.Width,
                Height = mode.Height,
                Fps = Math.Round(mode.Fps, 3),
                Transport = subscription.Transport.Word,
            };
        });
    }

    /// <summary>A file has its first frame. The time since the last one is known now.</summary>
    public void Begin(SegmentRun run) => Advance(
        state =>
        {
            var length_us = run.First_us - _totals.Last_us;
            var began = RecordingSegments.Begin(state, run.Index, run.Parts.File.Name, clock.When(run.First_us)) with { State = "recording" };
            if (run.Index > 1 && _totals.Last_us >= 0 && RecordingGaps.IsGap(length_us, run.Interval_us))
                began = RecordingGaps.Open(began, run.Index - 1, clock.When(_totals.Last_us), "segment"); // none lasts after a file whose time was up
            began = RecordingGaps.Close(began, length_us, _suspended);
            _suspended = TimeSpan.Zero;
            return began;
        },
        run.Index > 1 ? RecordingStep.Begin(run.Index) : null);

    /// <summary>A file is final, and the recording goes on.</summary>
    /// <param name="run">The file.</param>
    /// <param name="end">What became of it.</param>
    /// <param name="goesOn">The recording's state from now on.</param>
    public void Cut(SegmentRun run, SegmentEnd end, string goesOn)
    {
        var isKnown = Has(run);
        Advance(
            state =>
            {
                _live.Remove(run);
                if (!isKnown)
                    return state with { State = goesOn }; // what it captured without keeping a frame is part of the gap
                _totals.Add(end);
                var cut = RecordingSegments.Close(state, run.Index, end, "manual", clock) with { State = goesOn };
                return end.Cut == CutReason.Segment
                    ? cut
                    : RecordingGaps.Open(cut, run.Index, end.Last_us >= 0 ? clock.When(end.Last_us) - _suspended : null, end.Word("manual"));
            },
            isKnown ? RecordingStep.Cut(run.Index) : null);
    }

    /// <summary>It has ended.</summary>
    /// <param name="how">How.</param>
    /// <param name="files">The files that are final with it.</param>
    /// <returns>Its final state.</returns>
    public Contract.Recording End(RecordingEnd how, params IReadOnlyList<(SegmentRun Run, SegmentEnd End)> files)
    {
        IReadOnlyList<(SegmentRun Run, SegmentEnd End)> known = [.. files.Where(file => Has(file.Run))];
        return Advance(
            state =>
            {
                _live.Clear();
                foreach (var (run, end) in known)
                {
                    _totals.Add(end);
                    state = RecordingSegments.Close(state, run.Index, end, how.Reason, clock);
                    // A word of a file after which a recording goes on is none of the last one's.
                    state = RecordingSegments.Change(state, run.Index, segment => segment with { Reason = how.Reason });
                }
                return state with
                {
                    State = how.Reason is "error" or "disk_full" || _totals.Written == 0 ? "failed" : "stopped",
                    Reason = how.Reason,
                    Error = how.Error,
                    Stopped = clock.Now,
                };
            },
            known.Count == 0 ? RecordingStep.EndedBetween : RecordingStep.End([.. known.Select(file => file.Run.Index)]));
    }

    /// <summary>The machine was suspended: the gap that follows is so much longer than the monotonic clock says.</summary>
    public void Suspend(TimeSpan length)
    {
        lock (_gate)
            _suspended += length;
    }

    private bool Has(SegmentRun run) => _state.Segments.Any(segment => segment.Index == run.Index);

    private Contract.Recording Counted() => _totals.Into(_state, [.. _live.Select(run => (run.Index, run.Now()))]);

    private Contract.Recording Advance(Func<Contract.Recording, Contract.Recording> change, RecordingStep? step = null)
    {
        Contract.Recording now;
        lock (_gate)
        {
            _state = change(_state);
            now = _state = Counted();
        }
        told(now, Cause, step ?? RecordingStep.Advanced);
        return now;
    }
}
