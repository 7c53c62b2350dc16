using Microsoft.Extensions.Logging.Abstractions;
using ThatDam.Agent.Recording;
using ThatDam.Agent.State;
using ThatDam.Agent.Tenancy;
using ThatDam.Agent.Tests.State;
using ThatDam.Contract;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Tests.Recording;

/// <summary>Each recording is told to have started and to have stopped once, together with its state.</summary>
public sealed class RecordingLedgerTests : IDisposable
{
    private static readonly Caller Somebody = new() { TenantId = "default", PrincipalId = "uid:1000(ann)" };

    private readonly TemporaryDirectory _directory = new();
    private readonly StateDatabase _database;
    private readonly EventOutbox _outbox;
    private readonly RecordingLedger _ledger;

    public RecordingLedgerTests()
    {
        _database = StateDatabase.Open(_directory["state"]);
        _outbox = new EventOutbox(_database, new OutboxOptions(), "desk", TimeProvider.System);
        _ledger = new RecordingLedger(_database, _outbox, TimeProvider.System, NullLogger<RecordingLedger>.Instance);
    }

    [Fact]
    public void A_recording_is_told_from_its_start_to_its_end()
    {
        var recording = One();
        _ledger.Begin(recording);
        _ledger.Advance(recording with { State = "recording" }, Caller.Daemon, RecordingStep.Advanced);
        _ledger.Advance(Ended(recording, "manual", written: 42), Somebody, RecordingStep.End(1));

        var events = Events();
        Assert.Equal([Topics.CaptureRecordingStarted, Topics.CaptureRecordingStopped, Topics.CaptureSegmentCreated], events.Select(e => e.Topic));
        var stopped = Assert.IsType<CaptureRecordingStopped>(events[1]);
        Assert.Equal(("manual", 42L, true, 1), (stopped.Reason, stopped.Frames!.Written, stopped.Final!.Value, stopped.Segment!.Value));
        Assert.Equal("uid:1000(ann)", stopped.PrincipalId);
        Assert.Equal([1, 2, 3], events.Select(e => e.Seq!.Value));
    }

    [Fact]
    public void An_end_is_told_once_however_often_it_is_stored()
    {
        var recording = One();
        _ledger.Begin(recording);
        _ledger.Advance(Ended(recording, "manual", written: 42), Somebody, RecordingStep.End(1));
        _ledger.Advance(Ended(recording, "error", written: 42), Somebody, RecordingStep.End(1));
        Assert.Single(Events().OfType<CaptureRecordingStopped>());
    }

    [Theory]
    [InlineData("error", "recording_failed")]
    [InlineData("disk_full", "disk_full")]
    [InlineData("device_lost", "device_lost")]
    [InlineData("recovered", "recording_failed")]
    public void What_went_wrong_is_told_with_a_remedy(string reason, string code)
    {
        var recording = One();
        _ledger.Begin(recording);
        _ledger.Advance(Ended(recording, reason, written: 0) with { Error = "It broke." }, Caller.Daemon, RecordingStep.End(1));

        var error = Assert.Single(Events().OfType<CaptureError>());
        Assert.Equal((code, "It broke.", recording.Id), (error.Code, error.Error, error.RecordingId));
        Assert.NotEmpty(error.Remedy!);
        Assert.Empty(Events().OfType<CaptureSegmentCreated>()); // there is nothing in the file
    }

    [Fact]
    public void Where_the_state_cannot_be_written_nothing_is_told_and_the_end_is_made_up_for_later()
    {
        var (first, second) = (One("a"), One("b"));
        _ledger.Begin(first);
        _ledger.Begin(second);
        // SQLite itself says that its disk is full when the file may not grow.
        _database.Read(transaction => transaction.Query("PRAGMA max_page_count = 1", row => 0));
        _ledger.Advance(Ended(first, "manual", written: 1) with { Label = new string('x', 100_000) }, Somebody, RecordingStep.End(1));
        Assert.Equal(2, Events().Count);
        Assert.Equal("stopped", _ledger.Find("a")!.State);

        _database.Read(transaction => transaction.Query("PRAGMA max_page_count = 100000", row => 0));
        _ledger.Advance(Ended(second, "duration", written: 1), Caller.Daemon, RecordingStep.End(1));
        var stopped = Events().OfType<CaptureRecordingStopped>().ToDictionary(e => e.RecordingId!);
        Assert.Equal(("manual", "uid:1000(ann)"), (stopped["a"].Reason, stopped["a"].PrincipalId));
        Assert.Equal("duration", stopped["b"].Reason);
    }

    private static Contract.Recording One(string id = "a") => Recordings.One(id) with { Segments = [new RecordingSegment { Index = 1, File = "/records/a.mp4" }] };

    private static Contract.Recording Ended(Contract.Recording recording, string reason, long written) => recording with
    {
        State = written > 0 ? "stopped" : "failed",
        Reason = reason,
        Stopped = TimeProvider.System.GetUtcNow(),
        Frames = new FrameCounts { Captured = written, Written = written },
    };

    private List<ContractEvent> Events() => [.. _outbox.After(0, 100).Select(e => Topics.Parse(e.Topic, e.Body))];

    public void Dispose()
    {
        _database.Dispose();
        _directory.Dispose();
    }
}
