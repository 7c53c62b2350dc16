namespace ThatDam.EndToEnd.Tests;

/// <summary><c>OnPlug=record</c>: at the daemon's start, and each time the camera appears, until a hand stops it.</summary>
[Trait("bed", "guest")]
[Trait("boot", "1")]
[Collection<UsbBed>]
public sealed class PlugRuleTests
{
    private static readonly UsbCameraSettings Camera = new() { Serial = "AUTO-1" };

    [Fact]
    public async Task A_camera_is_recorded_when_it_appears_until_somebody_stops_it()
    {
        var camera = await UsbCamera.PlugAsync(Camera);
        try
        {
            await using var daemon = await DaemonCameras.StartAsync("[Camera:auto]\nMatch=serial:AUTO-1\nOnPlug=record\nCodec=copy\n");
            var first = await RecordingAsync(daemon);
            var told = await daemon.CommittedAsync(0, "capture.recording_started", e => e.Text("recording_id") == first, "at boot");
            await daemon.CapturedAsync(first, 15);
            var stopped = await daemon.StopRecordingAsync(first);
            Assert.Equal(("auto", "copy", "manual"), (stopped.Alias, stopped.Codec, stopped.Reason));
            await stopped.MustBeWholeAsync();

            // Stopped by hand it stays stopped, however often the devices are looked at.
            var looks = (await daemon.StatusAsync()).Watch!.Looks;
            (await daemon.DamctlAsync("devices", "rescan")).MustSucceed();
            Assert.True((await daemon.StatusAsync()).Watch!.Looks > looks);
            (await Command.RunAsync("udevadm", "trigger", "--settle", "--action=change", "--subsystem-match=video4linux")).MustSucceed();
            Assert.Empty(await daemon.ActiveAsync());

            await camera.DisposeAsync();
            var mark = daemon.Mark();
            camera = await UsbCamera.PlugAsync(Camera);
            var second = await RecordingAsync(daemon);
            Assert.NotEqual(first, second);
            var again = await daemon.StartedAsync(mark, second, 1);
            TestContext.Current.SendDiagnosticMessage("recorded {0:0.00} s after its node was there", (again.At - camera.Appeared).TotalSeconds);
            Assert.True(again.Id > told.Id);

            // Without OnReplug an unplugged camera ends its recording; the next plug makes another one.
            await daemon.CapturedAsync(second, 15);
            await camera.DisposeAsync();
            var lost = await daemon.StoppedAsync(mark, second, 1);
            Assert.Equal(("device_lost", "True"), (lost.Text("reason"), lost.Text("final")));
            camera = await UsbCamera.PlugAsync(Camera);
            Assert.NotEqual(second, await RecordingAsync(daemon));
        }
        finally
        {
            await camera.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_recording_that_was_started_by_hand_is_not_doubled()
    {
        await using var daemon = await DaemonCameras.StartAsync("[Camera:auto]\nMatch=serial:AUTO-1\nOnPlug=record\nOnReplug=resume\n");
        await using (var camera = await UsbCamera.PlugAsync(Camera))
            await daemon.CapturedAsync(await RecordingAsync(daemon), 15);

        var waiting = Assert.Single(await daemon.ActiveAsync());
        Assert.True(waiting.Resume);
        var mark = daemon.Mark();
        await using var again = await UsbCamera.PlugAsync(Camera);
        await daemon.StartedAsync(mark, waiting.Id, 2);
        Assert.Equal(waiting.Id, Assert.Single(await daemon.ActiveAsync()).Id);
    }

    private static async Task<string> RecordingAsync(Daemon daemon)
    {
        var id = "";
        await Eventually.TrueAsync(async () => (await daemon.ActiveAsync()) is [{ State: "recording", Id: var found }] && (id = found).Length > 0, "a recording has begun by itself", 20);
        return id;
    }
}
