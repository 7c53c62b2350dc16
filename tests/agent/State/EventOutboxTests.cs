using ThatDam.Agent.State;
using ThatDam.Agent.Tenancy;
using ThatDam.Contract;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Tests.State;

public sealed class EventOutboxTests : IDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(64);

    private readonly TemporaryDirectory _directory = new();
    private readonly Clock _clock = new();
    private readonly List<(long Count, string Reason)> _dropped = [];
    private StateDatabase _database;
    private OutboxOptions _options = new() { MaxAge = MaxAge };
    private EventOutbox _outbox;

    public EventOutboxTests() => Start();

    [Fact]
    public void What_waits_can_be_asked_for_without_the_events_of_some_devices()
    {
        using var directory = new TemporaryDirectory();
        using var database = StateDatabase.Open(directory["state"]);
        var outbox = new EventOutbox(database, new OutboxOptions(), "desk", TimeProvider.System);
        foreach (var device in new[] { "a", "b\"]", "" })
            outbox.Commit(new CaptureError { Error = "x" }, device);
        Assert.Equal(["a", "b\"]", ""], outbox.Pending(10).Select(e => e.Stream));
        Assert.Equal([""], outbox.Pending(10, ["a", "b\"]"]).Select(e => e.Stream));
        Assert.Equal(["a"], outbox.Pending(1, [""]).Select(e => e.Stream));
    }

    [Fact]
    public void An_event_is_committed_as_it_will_be_sent()
    {
        var caller = new Caller { TenantId = "t", PrincipalId = "uid:7(me)", TraceId = "trace", RequestId = "request", CorrelationId = "correlation" };
        var e = _outbox.Commit(new CaptureError { Error = "x", Device = "/dev/video0" }, "cam", caller);
        Assert.Equal(
            ("capture-daemon", _clock.Utc, 1, "host", 1, "t", "uid:7(me)", "trace", "request", "correlation"),
            (e.Service, e.Ts, e.V, e.Host, e.Seq, e.TenantId, e.PrincipalId, e.TraceId, e.RequestId, e.CorrelationId));
        var stored = Assert.Single(_outbox.Pending(10));
        Assert.Equal(new OutboxEvent(1, e.EventId.ToString()!, "capture.error", "cam", _clock.Utc, Topics.ToJson(e)), stored);
        Assert.Equal((7, e), (e.EventId!.Value.Version, Topics.Parse(stored.Topic, stored.Body)));
        // When it happened, not when it was committed.
        var earlier = _clock.Utc - TimeSpan.FromSeconds(3);
        Assert.Equal(earlier, _outbox.Commit(new CaptureError { Error = "y", Ts = earlier }).Ts);
    }

    [Fact]
    public void An_event_and_its_state_are_both_kept_or_neither()
    {
        var added = 0;
        _outbox.Added += () => added++;
        Assert.Throws<TimeoutException>(() => _database.Write(transaction =>
        {
            RecordingStore.Insert(transaction, Recordings.One("a"), request: null);
            _outbox.Add(transaction, Error("a"), "cam");
            throw new TimeoutException();
        }));
        Assert.Empty(_outbox.Pending(10));
        Assert.Null(new RecordingStore(_database).Find("a"));
        Assert.Equal((0, 0), (added, _outbox.Figures().Pending));
        _database.Write(transaction =>
        {
            RecordingStore.Insert(transaction, Recordings.One("a"), request: null);
            _outbox.Add(transaction, Error("a"), "cam");
        });
        Restart();
        Assert.Equal(("a", 1L), (Assert.Single(Errors()), _outbox.Figures().Pending));
        Assert.NotNull(new RecordingStore(_database).Find("a"));
        Assert.Equal(1, added);
        // The number that the failed one had was not used up.
        Assert.Equal(2, _outbox.Commit(Error("b"), "cam").Seq);
    }

    [Fact]
    public void Each_device_counts_by_itself_and_events_without_one_do_too_also_after_a_restart()
    {
        Assert.Equal([1, 1, 2, 1, 2], Commit("cam", "other", "cam", null, null));
        Restart();
        Assert.Equal([3, 2, 3], Commit("cam", "other", null));
        Assert.Equal(["cam", "other", "cam", "", "", "cam", "other", ""], _outbox.Pending(10).Select(e => e.Stream));
        // Although all of them are confirmed and gone.
        _outbox.Confirm([.. _outbox.Pending(10).Select(e => e.Id)]);
        Restart();
        Assert.Equal([4, 4], Commit("cam", null));
    }

    [Fact]
    public void Only_the_latest_device_list_waits_and_those_before_it_are_counted()
    {
        Assert.Equal([1, 2, 3], [DeviceList().Seq, _outbox.Commit(Error("x")).Seq, DeviceList().Seq]);
        DeviceList();
        Assert.Equal([("capture.error", 2), ("capture.device_list", 4)], _outbox.Pending(10).Select(e => (e.Topic, Seq(e))));
        Assert.Equal((2, 2, 0), (_outbox.Figures().Pending, _outbox.Figures().Coalesced, _outbox.Figures().Dropped));
        Sizes();
        // One that was sent is not taken back.
        _outbox.Confirm([.. _outbox.Pending(10).Select(e => e.Id)]);
        DeviceList();
        Assert.Equal((1, 2, 2), (_outbox.Figures().Pending, _outbox.Figures().Coalesced, _outbox.Figures().Confirmed));
        Assert.Equal(3, _outbox.After(0, 10).Count);
    }

    [Fact]
    public void Beyond_the_limit_the_oldest_are_dropped_counted_and_told_once()
    {
        _options = _options with { MaxBytes = 16_000 };
        Restart();
        for (var i = 1; i <= 200; i++)
            _outbox.Commit(Error($"e{i}"), "cam");
        var waiting = _outbox.Pending(1000);
        Assert.InRange(_outbox.Figures().PendingBytes, 8_000, 17_000);
        Sizes();
        var told = Assert.Single(waiting, e => e.Body.Contains("events_dropped", StringComparison.Ordinal));
        var kept = waiting.Where(e => e != told).Select(Seq).ToList();
        // The latest, without a gap.
        Assert.Equal(Enumerable.Range(201 - kept.Count, kept.Count).Select(n => (long)n), kept);
        var sum = 200 - kept.Count;
        Assert.Equal((sum, sum), (_outbox.Figures().Dropped, (int)_dropped.Sum(d => d.Count)));
        Assert.True(_dropped.Count > 1);
        Assert.Equal(_dropped.Count - 1, _outbox.Figures().Coalesced);
        var error = (CaptureError)Topics.Parse(told.Topic, told.Body);
        Assert.Equal($"{_dropped[^1].Count} events were dropped unsent, for more than 16000 bytes of events waited for the broker; {sum} so far.", error.Error);
        Assert.Equal(("events_dropped", Caller.Daemon.PrincipalId, _dropped.Count), (error.Code, error.PrincipalId, error.Seq));
        Assert.NotNull(error.Remedy);
        Assert.Equal("", told.Stream);
    }

    [Fact]
    public void The_newest_event_is_kept_however_large_it_is()
    {
        _options = _options with { MaxBytes = 2_000 };
        Restart();
        _outbox.Commit(Error("small"));
        _outbox.Commit(Error(new string('x', 5_000)));
        Assert.Equal(["capture.error", "capture.error"], _outbox.Pending(10).Select(e => e.Topic));
        Assert.Contains("xxx", _outbox.Pending(10)[0].Body, StringComparison.Ordinal);
        Assert.Equal(1, _outbox.Figures().Dropped);
        Sizes();
    }

    [Fact]
    public void What_an_earlier_run_left_is_dropped_when_it_is_too_old()
    {
        _outbox.Commit(Error("old"), "cam");
        _clock.Pass(TimeSpan.FromHours(2));
        _outbox.Commit(Error("younger"), "cam");
        Restart();
        _clock.Pass(MaxAge - TimeSpan.FromHours(1));
        _outbox.Commit(Error("new"), "cam");
        Assert.Equal(["younger", "1 events were dropped unsent, for they waited longer than 64 h for the broker; 1 so far.", "new"], Errors());
        Assert.Equal((1, 3), (_outbox.Figures().Dropped, _outbox.Figures().Pending));
        Sizes();
    }

    [Fact]
    public void A_clock_that_is_set_ahead_drops_nothing_of_this_run()
    {
        _outbox.Commit(Error("a"));
        _clock.Utc += TimeSpan.FromDays(365);
        _outbox.Commit(Error("b"));
        Assert.Equal(["a", "b"], Errors());
        // Nor when the run itself is longer than that.
        _clock.Pass(MaxAge * 2);
        _outbox.Confirm([.. _outbox.Pending(10).Select(e => e.Id)]);
        _outbox.Commit(Error("c"));
        _clock.Utc += TimeSpan.FromDays(365);
        _outbox.Commit(Error("d"));
        Assert.Equal(["c", "d"], Errors());
        Assert.Empty(_dropped);
    }

    [Fact]
    public void What_this_run_committed_is_dropped_when_it_is_too_old_whatever_the_clock_says()
    {
        for (var hour = 0; hour < 60; hour++)
        {
            _outbox.Commit(Error($"{hour}"), "cam");
            _clock.Pass(TimeSpan.FromHours(1));
        }
        Assert.Empty(_dropped);
        _clock.Utc -= TimeSpan.FromDays(365);
        _clock.Pass(TimeSpan.FromHours(14));
        _outbox.Commit(Error("last"), "cam");
        var kept = _outbox.Pending(100).Where(e => e.Stream == "cam").Select(Seq).ToList();
        // 74 h have passed: what is older than 64 is gone, to a step's precision.
        Assert.InRange(kept[0], 10, 12);
        Assert.Equal(61 - kept[0] + 1, kept.Count);
        Assert.Equal(kept[0] - 1, _outbox.Figures().Dropped);
    }

    [Fact]
    public void What_was_committed_before_the_clock_was_set_has_no_age()
    {
        var now = _clock.Utc;
        _clock.Utc = new DateTimeOffset(1970, 1, 1, 0, 0, 20, TimeSpan.Zero);
        _outbox.Commit(Error("a"));
        Restart();
        _clock.Utc = now;
        _outbox.Commit(Error("b"));
        Assert.Equal(["a", "b"], Errors());
    }

    [Fact]
    public void Confirmed_events_wait_no_longer_and_the_figures_say_so()
    {
        Commit("cam", "other", "cam");
        var first = _outbox.Pending(10)[0];
        Assert.Equal(_clock.Utc, _outbox.Figures().Oldest);
        _clock.Pass(TimeSpan.FromSeconds(1));
        _outbox.Commit(Error("late"));
        _outbox.Confirm([1, 3]);
        Assert.Equal([2, 4], _outbox.Pending(10).Select(e => e.Id));
        Assert.Equal([1, 2, 3, 4], _outbox.After(0, 10).Select(e => e.Id));
        Assert.Equal(first, _outbox.After(0, 1)[0]);
        // Again, and one that never was.
        _outbox.Confirm([1, 3, 99]);
        var figures = _outbox.Figures();
        Assert.Equal((2, 2, _clock.Utc - TimeSpan.FromSeconds(1)), (figures.Pending, figures.Confirmed, figures.Oldest));
        Sizes();
        _outbox.Confirm([2, 4]);
        Assert.Equal(new OutboxFigures(0, 0, null, 4, 0, 0), _outbox.Figures());
        Restart();
        Assert.Equal(new OutboxFigures(0, 0, null, 4, 0, 0), _outbox.Figures());
    }

    [Fact]
    public void Confirmed_events_are_kept_for_a_while_only()
    {
        Fill(1500);
        _outbox.Confirm([.. _outbox.Pending(2000).Select(e => e.Id)]);
        Assert.InRange(_outbox.After(0, 5000).Count, 1000, 1001);
        // Behind one that waits they stay longer, but not for ever.
        Fill(1);
        var stuck = _outbox.Pending(1)[0].Id;
        for (var i = 0; i < 30; i++)
        {
            Fill(100);
            _outbox.Confirm([.. _outbox.Pending(2000).Select(e => e.Id).Where(id => id != stuck)]);
            Assert.InRange(_outbox.After(0, 5000).Count, 1000, 1700);
        }
        Assert.Equal(stuck, Assert.Single(_outbox.Pending(10)).Id);
    }

    [Fact]
    public void A_tenants_event_is_never_deleted_before_it_is_in_the_audit_log()
    {
        _options = _options with { MaxBytes = 2_000 };
        Restart();
        _outbox.Commit(new TenantAccess { Action = "first", Allowed = true });
        // Neither for want of room, nor of age, nor when it is confirmed long since.
        Fill(50);
        Restart();
        _clock.Pass(MaxAge * 2);
        Fill(1);
        Assert.Equal(1, _outbox.Pending(1)[0].Id);
        _outbox.Confirm([1]);
        for (var i = 0; i < 15; i++)
        {
            Fill(100);
            _outbox.Confirm([.. _outbox.Pending(200).Select(e => e.Id)]);
        }
        Assert.Equal(1, _outbox.After(0, 1)[0].Id);
        var audit = new AuditPlace(_database);
        Assert.Equal(1, Assert.Single(audit.Pending(0, 10).Events).Id);
        audit.Move(new AuditMark(1, new AuditEnd(1, "x")));
        Assert.Empty(audit.Pending(1, 10).Events);
        Fill(1);
        _outbox.Confirm([.. _outbox.Pending(200).Select(e => e.Id)]);
        Assert.NotEqual(1, _outbox.After(0, 1)[0].Id);
    }

    [Fact]
    public void A_tenants_event_in_the_audit_log_is_dropped_like_any_other()
    {
        _outbox.Commit(new TenantAccess { Action = "first", Allowed = true });
        new AuditPlace(_database).Move(new AuditMark(1, new AuditEnd(1, "x")));
        Restart();
        _clock.Pass(MaxAge * 2);
        Fill(1);
        Assert.Equal(1, _outbox.Figures().Dropped);
    }

    [Fact]
    public void Events_after_a_place_or_a_time_are_found()
    {
        Assert.Equal((0, 0), (_outbox.LastPlace(), _outbox.PlaceOf(_clock.Utc)));
        Fill(2);
        _clock.Pass(TimeSpan.FromMinutes(1));
        Fill(2);
        Assert.Equal(4, _outbox.LastPlace());
        Assert.Equal([3, 4], _outbox.After(2, 10).Select(e => e.Id));
        Assert.Equal(2, _outbox.PlaceOf(_clock.Utc));
        Assert.Equal(2, _outbox.PlaceOf(_clock.Utc - TimeSpan.FromSeconds(1)));
        Assert.Equal(0, _outbox.PlaceOf(DateTimeOffset.UnixEpoch));
        Assert.Equal(4, _outbox.PlaceOf(_clock.Utc + TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Two_threads_may_add_at_once()
    {
        var added = 0;
        _outbox.Added += () => Interlocked.Increment(ref added);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => Fill(200), TestContext.Current.CancellationToken)));
        var events = _outbox.Pending(1000);
        Assert.Equal(Enumerable.Range(1, 400).Select(n => (long)n), events.Select(Seq));
        Assert.Equal(400, events.Select(e => e.EventId).Distinct().Count());
        Assert.Equal((400, 400), (added, _outbox.Figures().Pending));
    }

    public void Dispose()
    {
        _database.Dispose();
        _directory.Dispose();
    }

    private static CaptureError Error(string text) => new() { Error = text };

    private static long Seq(OutboxEvent e) => Topics.Parse(e.Topic, e.Body).Seq!.Value;

    private ContractEvent DeviceList() => _outbox.Commit(new CaptureDeviceList { Devices = [] });

    private List<string> Errors() => [.. _outbox.Pending(100).Select(e => ((CaptureError)Topics.Parse(e.Topic, e.Body)).Error)];

    private List<long?> Commit(params string?[] devices) => [.. devices.Select(device => _outbox.Commit(Error("x"), device).Seq)];

    private void Fill(int count)
    {
        for (var i = 0; i < count; i++)
            _outbox.Commit(Error("x"), "cam");
    }

    // The count that is kept is that of what is there.
    private void Sizes() => Assert.Equal(
        _outbox.Pending(10_000).Sum(e => (long)System.Text.Encoding.UTF8.GetByteCount(e.Body)), _outbox.Figures().PendingBytes);

    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(_database), nameof(_outbox))]
    private void Start()
    {
        _database = StateDatabase.Open(_directory.Path);
        _outbox = new EventOutbox(_database, _options, "host", _clock);
        _outbox.Dropped += (count, reason) => _dropped.Add((count, reason));
    }

    private void Restart()
    {
        _database.Dispose();
        Start();
    }

    private sealed class Clock : TimeProvider
    {
        private long _ticks;

        public DateTimeOffset Utc { get; set; } = new(2026, 11, 24, 7, 0, 0, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Utc;

        public override long GetTimestamp() => _ticks;

        public void Pass(TimeSpan time)
        {
            Utc += time;
            _ticks += time.Ticks;
        }
    }
}
