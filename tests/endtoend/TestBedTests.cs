namespace ThatDam.EndToEnd.Tests;

/// <summary>The cameras of the test bed do what the tests that use them take for granted.</summary>
[Trait("bed", "guest")]
[Trait("boot", "1")]
[Collection<UsbBed>]
public sealed class TestBedTests
{
    [Fact]
    public async Task A_usb_camera_is_there_while_it_is_plugged_and_sends_what_it_is_told()
    {
        await using var camera = await UsbCamera.PlugAsync(new UsbCameraSettings { Port = 1, Serial = "BED-1", Product = "Bed = 1", Faults = ["freeze@20"] });
        var node = Path.GetFileName(camera.Node);
        Assert.Equal("Bed = 1", (await File.ReadAllTextAsync($"/sys/class/video4linux/{node}/name", TestContext.Current.CancellationToken)).Trim());
        (await Command.RunAsync("udevadm", "settle")).MustSucceed();
        Assert.Contains("ID_SERIAL_SHORT=BED-1", (await Command.RunAsync("udevadm", "info", camera.Node)).Stdout, StringComparison.Ordinal);

        using (new Holder("v4l2-ctl", "-d", camera.Node, "--stream-mmap", "--stream-to=/dev/null"))
            await camera.SaysAsync("frame 20 fault freeze");
        // Started anew it sends again.
        (await Command.RunAsync("v4l2-ctl", "-d", camera.Node, "--stream-mmap", "--stream-count=10", "--stream-to=/dev/null")).MustSucceed();
        await camera.UnplugAsync();
        Assert.False(File.Exists(camera.Node));
        Assert.InRange(camera.Gone - camera.Appeared, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Vivid_goes_and_comes_and_has_a_signal_to_lose()
    {
        var node = await Vivid.LoadAsync(VividInput.Hdmi);
        try
        {
            await Vivid.UnbindAsync();
            Assert.False(File.Exists(node));
            await Vivid.BindAsync();
            Assert.Equal([node], Vivid.Nodes());

            await MustSayAsync(0, "Active width");
            await Vivid.SetAsync(node, "dv_timings_signal_mode", (int)SignalMode.Selected);
            await Vivid.SetAsync(node, "dv_timings", (int)Timings.W720);
            await MustSayAsync(0, "Active width: 720");
            (await Command.RunAsync("v4l2-ctl", "-d", node, "--set-dv-bt-timings", "query")).MustSucceed();
            await Vivid.SetAsync(node, "dv_timings_signal_mode", (int)SignalMode.NoSignal);
            await MustSayAsync(1, "");
            await Vivid.SetAsync(node, "dv_timings_signal_mode", (int)SignalMode.Selected);
            (await Command.RunAsync("v4l2-ctl", "-d", node, "--clear-edid")).MustSucceed();
            await MustSayAsync(1, "");
            (await Command.RunAsync("v4l2-ctl", "-d", node, "--set-edid", "type=hdmi")).MustSucceed();
            await MustSayAsync(0, "Active width: 720");
        }
        finally
        {
            await Vivid.UnloadAsync();
        }

        async Task MustSayAsync(int code, string words)
        {
            var said = await Command.RunAsync("v4l2-ctl", "-d", node, "--query-dv-timings");
            Assert.True((said.ExitCode != 0) == (code != 0) && said.Stdout.Contains(words, StringComparison.Ordinal), said.ToString());
        }
    }
}
