using Microsoft.Extensions.Logging.Abstractions;
using ThatDam.Agent.Recording;
using ThatDam.Agent.Tenancy;
using ThatDam.Contract;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Tests.Recording;

/// <summary>What was recorded when the daemon ended goes on after its next start.</summary>
public sealed class ResumptionTests
{
    private static readonly RecordingOptions Soon = new() { ResumeWithin = TimeSpan.FromMinutes(2) };

    [Theory]
    [InlineData("shutdown")]
    [InlineData("crash")]
    public async Task It_goes_on_as_a_further_recording_that_names_the_one_before(string end)
    {
        await using var bed = await RecordingBed.StartAsync();
        var before = Ended(bed, end, new RecordingRequest { Device = "video0", Codec = "mjpeg", Label = "take" });

        await ResumeAsync(bed, Soon);

        var after = Assert.Single(bed.Recorder.List(activeOnly: true));
        Assert.Equal((before.Id, "take", bed.StableId), (after.Continues, after.Label, after.StableId));
        Assert.Equal(before.Id, bed.Events().OfType<CaptureRecordingStarted>().Single(e => e.RecordingId == after.Id).Continues);
        Assert.Empty(bed.Ledger.Resumable());
        await bed.StopAsync(after);
        Assert.Empty(bed.Ledger.Resumable());
    }

    [Theory]
    [InlineData("manual")]
    [InlineData("duration")]
    public async Task One_that_ended_by_itself_or_by_somebodys_will_does_not(string reason)
    {
        await using var bed = await RecordingBed.StartAsync();
        Ended(bed, reason, new RecordingRequest { Device = "video0", Codec = "mjpeg" });

        await ResumeAsync(bed, Soon);

        Assert.Empty(bed.Recorder.List(activeOnly: true));
    }

    [Fact]
    public async Task After_too_long_it_does_not_and_is_not_thought_of_again()
    {
        await using var bed = await RecordingBed.StartAsync();
        Ended(bed, "shutdown", new RecordingRequest { Device = "video0", Codec = "mjpeg" });

        await ResumeAsync(bed, new RecordingOptions { ResumeWithin = TimeSpan.Zero });

        Assert.Empty(bed.Recorder.List(activeOnly: true));
        Assert.Empty(bed.Ledger.Resumable());
    }

    [Fact]
    public async Task Of_a_duration_the_rest_is_recorded_and_none_when_there_is_no_rest()
    {
        await using var bed = await RecordingBed.StartAsync();
        Ended(bed, "shutdown", new RecordingRequest { Device = "video0", Codec = "mjpeg", DurationS = 9.5 }); // 9 s of it are there
        await ResumeAsync(bed, Soon);
        Assert.Empty(bed.Recorder.List(activeOnly: true));

        Ended(bed, "shutdown", new RecordingRequest { Device = "video0", Codec = "mjpeg", DurationS = 10.5 });
        await ResumeAsync(bed, Soon);
        var after = Assert.Single(bed.Recorder.List(activeOnly: true));
        var ended = await bed.UntilAsync(after.Id, recording => recording.Stopped is not null, "it has ended by itself");
        Assert.Equal("duration", ended.Reason);
        Assert.InRange(ended.DurationS, 1, 2.5);
    }

    [Fact]
    public async Task A_camera_that_is_not_there_yet_is_waited_for()
    {
        await using var bed = await RecordingBed.StartAsync();
        Ended(bed, "shutdown", new RecordingRequest { Device = "video0", Codec = "mjpeg" });
        await bed.UnplugAsync();

        using var resumption = await ResumeAsync(bed, Soon);
        Assert.Empty(bed.Recorder.List(activeOnly: true));
        await bed.PlugAsync();

        await Devices.CatalogBed.UntilAsync(() => bed.Recorder.List(activeOnly: true).Count == 1, "it goes on");
    }

    private static async Task<Resumption> ResumeAsync(RecordingBed bed, RecordingOptions options)
    {
        var resumption = new Resumption(bed.Devices, bed.Recorder, bed.Ledger, options, TimeProvider.System, NullLogger<Resumption>.Instance);
        resumption.Recover();
        await resumption.StartAsync();
        return resumption;
    }

    /// <summary>A recording of an earlier daemon, of nine seconds.</summary>
    private static Contract.Recording Ended(RecordingBed bed, string how, RecordingRequest request)
    {
        var now = TimeProvider.System.GetUtcNow();
        var running = State.Recordings.One($"before-{bed.Events().Count}") with { StableId = bed.StableId, Started = now.AddSeconds(-9), Label = request.Label, DurationS = 9 };
        bed.Ledger.Begin(running, request);
        if (how != "crash")
            bed.Ledger.Advance(running with { State = "stopped", Reason = how, Stopped = now, Segments = [running.Segments[0] with { Stopped = now, Reason = how }] }, Caller.Daemon, RecordingStep.End(1));
        return running;
    }
}
