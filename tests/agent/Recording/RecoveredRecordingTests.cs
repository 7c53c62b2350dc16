using ThatDam.Agent.Recording;
using ThatDam.Agent.Tenancy;
using ThatDam.Agent.Tests.State;
using ThatDam.Contract;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Tests.Recording;

/// <summary>What a crash left is brought to its end, and told: a stop for each file that has none yet.</summary>
public sealed class RecoveredRecordingTests
{
    [Fact]
    public async Task One_that_waited_tells_its_last_file_once_more()
    {
        await using var bed = await RecordingBed.StartAsync();
        var crashed = Recordings.One("a") with { Segments = [new RecordingSegment { Index = 1, File = "/recordings/a.mp4" }] };
        bed.Ledger.Begin(crashed);
        var closed = crashed.Segments[0] with { Stopped = crashed.Started, Reason = "device_lost", Frames = new FrameCounts { Captured = 9, Written = 9 }, Bytes = 70 };
        bed.Ledger.Advance(crashed with { State = "waiting", Frames = closed.Frames, Segments = [closed] }, Caller.Daemon, RecordingStep.Cut(1));

        bed.Recorder.Recover();

        var recording = bed.Recorder.Get("a");
        Assert.Equal(("stopped", "recovered", null), (recording.State, recording.Reason, recording.Error));
        Assert.Equal("device_lost", recording.Segments[0].Reason);
        Assert.Equal((9, 70), (recording.Frames.Written, recording.Bytes));
        Assert.Equal([("device_lost", false), ("recovered", true)], Stops(bed));
        bed.Recorder.Recover();
        Assert.Equal(2, Stops(bed).Count);
    }

    [Fact]
    public async Task One_that_went_from_one_file_to_the_next_tells_both()
    {
        await using var bed = await RecordingBed.StartAsync();
        var live = await bed.RecordAsync();
        await bed.FilledAsync(live.Id, 1);
        var whole = await bed.StopAsync(live);
        var crashed = Recordings.One("a") with
        {
            Fps = 30,
            Segments = [new RecordingSegment { Index = 1, File = whole.File, Frames = new FrameCounts { Captured = whole.Frames.Written + 2 } }],
        };
        bed.Ledger.Begin(crashed);
        bed.Ledger.Advance(
            crashed with { Segments = [.. crashed.Segments, new RecordingSegment { Index = 2, File = "/gone.mp4", Frames = new FrameCounts { Captured = 3 } }] },
            Caller.Daemon, RecordingStep.Begin(2));

        bed.Recorder.Recover();

        var recording = bed.Recorder.Get("a");
        Assert.Equal(("stopped", "recovered", "/gone.mp4 is gone."), (recording.State, recording.Reason, recording.Error));
        Assert.Equal(new FrameCounts { Captured = whole.Frames.Written + 5, Dropped = 5, Written = whole.Frames.Written }, recording.Frames);
        Assert.Equal(whole.Bytes, recording.Bytes);
        var stops = bed.Events().OfType<CaptureRecordingStopped>().Where(e => e.RecordingId == "a").ToList();
        Assert.Equal([(1, false, whole.Frames.Written), (2, true, 0L)], stops.Select(e => (e.Segment!.Value, e.Final!.Value, e.Frames!.Written)));
        Assert.Equal(1, Assert.Single(bed.Events().OfType<CaptureSegmentCreated>(), e => e.RecordingId == "a").Segment);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(200_000, true)]
    public async Task A_file_that_was_opened_and_had_no_frame_yet_is_taken_away_but_none_that_may_hold_something(int bytes, bool stays)
    {
        await using var bed = await RecordingBed.StartAsync();
        var first = Path.Join(bed.Output, "video0-mjpeg.mp4");
        var further = Path.Join(bed.Output, "video0-mjpeg-002.mp4");
        await File.WriteAllBytesAsync(first, [], TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(further, new byte[bytes], TestContext.Current.CancellationToken);
        bed.Ledger.Begin(Recordings.One("a") with { File = first, Container = "mp4", Segments = [new RecordingSegment { Index = 1, File = first }] });

        bed.Recorder.Recover();

        Assert.Equal((true, stays), (File.Exists(first), File.Exists(further)));
    }

    private static List<(string, bool)> Stops(RecordingBed bed) =>
        [.. bed.Events().OfType<CaptureRecordingStopped>().Where(e => e.RecordingId == "a").Select(e => (e.Reason!, e.Final!.Value))];
}
