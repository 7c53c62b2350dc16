using Microsoft.Extensions.Logging.Abstractions;
using ThatDam.Agent.Recording;
using ThatDam.Agent.Tests.Devices;

namespace ThatDam.Agent.Tests.Recording;

/// <summary><c>OnPlug=record</c>.</summary>
public sealed class PlugRulesTests
{
    [Fact]
    public async Task A_camera_is_recorded_when_it_appears_until_it_is_stopped_by_hand_and_again_when_it_is_back()
    {
        await using var bed = await RecordingBed.StartAsync(RecordingBed.Rule(onPlug: true));
        using var rules = new PlugRules(bed.Devices, bed.Recorder, bed.Held, TimeProvider.System, NullLogger<PlugRules>.Instance);
        rules.Start();
        var first = await OneAsync(bed);
        await bed.FilledAsync(first, 1);
        var stopped = await bed.Recorder.StopAsync(first, "manual", TestContext.Current.CancellationToken);
        Assert.Equal(("mjpeg", "desk"), (stopped.Codec, stopped.Alias));
        await bed.Devices.RescanAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, bed.Recorder.ActiveCount);

        await bed.UnplugAsync();
        Assert.Equal(0, bed.Recorder.ActiveCount);
        await bed.PlugAsync();
        var second = await OneAsync(bed);
        await bed.FilledAsync(second, 1);
        // It ends with its camera, and another begins with that.
        await bed.UnplugAsync();
        await bed.UntilAsync(second, recording => recording.Reason == "device_lost", "it ends with its camera");
        await bed.PlugAsync();
        var third = await OneAsync(bed);
        Assert.Equal(3, new[] { first, second, third }.Distinct().Count());
    }

    [Fact]
    public async Task One_that_waits_for_its_camera_goes_on_and_no_other_begins()
    {
        await using var bed = await RecordingBed.StartAsync(RecordingBed.Rule(onPlug: true, onReplug: true), plugged: false);
        using var rules = new PlugRules(bed.Devices, bed.Recorder, bed.Held, TimeProvider.System, NullLogger<PlugRules>.Instance);
        rules.Start();
        await bed.PlugAsync();
        var id = await OneAsync(bed);
        await bed.FilledAsync(id, 1);
        await bed.UnplugAsync();
        await bed.UntilAsync(id, recording => recording.State == "waiting", "it waits");
        await bed.PlugAsync();
        await bed.FilledAsync(id, 2);
        Assert.Single(bed.Recorder.List(activeOnly: false));
    }

    [Fact]
    public async Task A_start_that_fails_is_tried_again_while_the_camera_is_there()
    {
        await using var bed = await RecordingBed.StartAsync(RecordingBed.Rule(onPlug: true));
        bed.Refusal = new Contract.ProblemException(409, "device_busy", "Device busy", "video0 is held by another process.");
        using var rules = new PlugRules(bed.Devices, bed.Recorder, bed.Held, TimeProvider.System, NullLogger<PlugRules>.Instance);
        rules.Start();
        await CatalogBed.UntilAsync(() => bed.Refusals > 0, "it is tried, and refused");
        Assert.Equal(0, bed.Recorder.ActiveCount);
        bed.Refusal = null;
        await OneAsync(bed);
    }

    [Fact]
    public async Task What_was_stopped_by_hand_is_not_begun_again_by_a_restart_of_the_daemon_but_by_a_replug()
    {
        await using var bed = await RecordingBed.StartAsync(RecordingBed.Rule(onPlug: true));
        using (var before = new PlugRules(bed.Devices, bed.Recorder, bed.Held, TimeProvider.System, NullLogger<PlugRules>.Instance))
        {
            before.Start();
            var id = await OneAsync(bed);
            await bed.Recorder.StopAsync(id, "manual", TestContext.Current.CancellationToken);
        }
        Assert.NotNull(bed.Held.Find(bed.StableId));
        using var after = new PlugRules(bed.Devices, bed.Recorder, bed.Held, TimeProvider.System, NullLogger<PlugRules>.Instance);
        after.Start();
        await bed.UnplugAsync();
        Assert.Null(bed.Held.Find(bed.StableId));
        Assert.Single(bed.Recorder.List(activeOnly: false));
        await bed.PlugAsync();
        await OneAsync(bed);
    }

    [Fact]
    public async Task One_that_was_recorded_by_hand_since_is()
    {
        await using var bed = await RecordingBed.StartAsync(RecordingBed.Rule(onPlug: true));
        bed.Held.Hold(bed.StableId, "an earlier boot");
        bed.Held.Hold(bed.StableId, Agent.Devices.PlugMark.Of(bed.Devices.All[0]));
        using var rules = new PlugRules(bed.Devices, bed.Recorder, bed.Held, TimeProvider.System, NullLogger<PlugRules>.Instance);
        rules.Start();
        var byHand = await bed.RecordAsync();
        Assert.Null(bed.Held.Find(bed.StableId));
        await bed.StopAsync(byHand);
        Assert.Single(bed.Recorder.List(activeOnly: false));
    }

    private static async Task<string> OneAsync(RecordingBed bed)
    {
        await CatalogBed.UntilAsync(() => bed.Recorder.List(activeOnly: true) is [{ State: "recording" }], "one records");
        return bed.Recorder.List(activeOnly: true)[0].Id;
    }
}
