using System.Globalization;

namespace ThatDam.EndToEnd.Tests;

/// <summary>A camera that is there and sends nothing: noticed, and the recovery ladder climbed, each rung told.</summary>
[Trait("bed", "guest")]
[Trait("boot", "1")]
[Collection<UsbBed>]
public sealed class StallTests(ITestOutputHelper output)
{
    private const string Config = "[Camera:desk]\nMatch=serial:STALL-1\nOnReplug=resume\n";

    [Fact]
    public async Task One_that_only_wants_its_stream_started_anew_gets_it()
    {
        await using var daemon = await DaemonCameras.StartAsync(Config);
        await using var camera = await UsbCamera.PlugAsync(new UsbCameraSettings { Serial = "STALL-1", Faults = ["freeze@90"] });
        var device = await daemon.OnlineAsync(camera.Node);
        var started = await daemon.StartRecordingAsync("desk");
        var frozen = await camera.SaysAsync("fault freeze");

        var stalled = await daemon.StateAsync(0, device.StableId, "stalled");
        var again = await daemon.StateAsync(stalled.Id, device.StableId, "streaming");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"no frame → stalled {(stalled.At - frozen).TotalSeconds:F2} s, → streaming {(again.At - frozen).TotalSeconds:F2} s"));
        // 3 × 33 ms + 2 s (to the millisecond: StreamWatchTests). Not a moment too early is what a slow machine can show.
        Assert.True((stalled.At - frozen).TotalSeconds >= 1.5, $"stalled at {stalled.At:O}, frozen at {frozen:O}");
        await daemon.CapturedAsync(started.Id, 30);
        var recording = await daemon.StopRecordingAsync(started.Id);

        // The same stream, so the same file, with the hole in it.
        Assert.Single(recording.Segments);
        await recording.MustBeWholeInPartsAsync();
        await daemon.MustTellAsync(recording);
        var gap = Assert.Single(recording.Gaps);
        Assert.Equal((1, "stalled"), (gap.After, gap.Reason));
        Assert.InRange(gap.LengthS!.Value, 2, 20);
        var status = await daemon.CameraAsync(device.StableId);
        Assert.Equal(1, status.Transitions["stalled"]);
        Assert.True(status.Recovery["restart"] >= 1, string.Join(", ", status.Recovery));
        Assert.False(status.Recovery.ContainsKey("give_up"), string.Join(", ", status.Recovery));
        Assert.NotEmpty(daemon.Logged("stalled"));
    }

    [Fact]
    public async Task One_that_nothing_wakes_is_given_up_and_waited_for_until_it_is_plugged_again()
    {
        await using var daemon = await DaemonCameras.StartAsync(Config);
        string started, id;
        long mark;
        await using (var camera = await UsbCamera.PlugAsync(new UsbCameraSettings { Serial = "STALL-1", Faults = ["stall@60"] }))
        {
            id = (await daemon.OnlineAsync(camera.Node)).StableId;
            started = (await daemon.StartRecordingAsync("desk")).Id;
            await camera.SaysAsync("fault stall");
            var stalled = await daemon.StateAsync(0, id, "stalled");
            await daemon.StateAsync(stalled.Id, id, "waiting", 120);
            IReadOnlyDictionary<string, long> recovery = new Dictionary<string, long>();
            await Eventually.TrueAsync(async () => (recovery = (await daemon.CameraAsync(id)).Recovery).ContainsKey("give_up"), "it is given up for a while", 120);
            output.WriteLine(string.Join(", ", recovery.Select(rung => $"{rung.Key} {rung.Value}")));
            // The reset of a USB port needs its own node; where it may not be opened the rung is skipped, and told so.
            Assert.Superset(new HashSet<string> { "restart", "reopen" }, recovery.Keys.ToHashSet());
            Assert.True(recovery.ContainsKey("usb_reset") || daemon.Logged("reset").Count > 0, daemon.Log);
            await Eventually.TrueAsync(async () => (await daemon.ShowAsync(started)).State == "waiting", "the recording waits", 60);
            mark = daemon.Mark();
        }

        await using var good = await UsbCamera.PlugAsync(new UsbCameraSettings { Serial = "STALL-1" });
        await daemon.StateAsync(mark, id, "streaming", 60);
        await daemon.CapturedAsync(started, 15);
        var recording = await daemon.StopRecordingAsync(started);
        await recording.MustBeWholeInPartsAsync();
        Assert.Equal("stalled", recording.Segments[0].Reason);
        await daemon.MustTellAsync(recording);
    }
}
