namespace ThatDam.EndToEnd.Tests;

/// <summary>Real kernel devices: listed as they are, shared, or not to be had.</summary>
[Trait("bed", "guest")]
[Trait("boot", "2")]
[Collection<VividBed>]
public sealed class VividTests(VividCameras cameras)
{
    private static readonly string[] Mode = ["--size", "320x180", "--fps", "30"];

    [Fact]
    public async Task A_multiplanar_camera_records_too()
    {
        var device = Assert.Single(await cameras.Daemon.DevicesAsync(), d => d.Id == "/dev/video2");
        Assert.True(device.Multiplanar);

        await (await cameras.Daemon.RecordAsync("/dev/video2", 2, Mode)).MustBeWholeAsync();
    }

    [Fact]
    public async Task Two_recordings_and_a_third_of_one_camera()
    {
        var first = await cameras.Daemon.StartRecordingAsync("/dev/video0", ["--codec", "mjpeg", .. Mode]);
        var second = await cameras.Daemon.StartRecordingAsync("/dev/video0", ["--codec", "mjpeg", "--container", "mkv", .. Mode]);
        var third = await cameras.Daemon.RecordAsync("/dev/video0", 4, ["--codec", "h264", .. Mode]);
        (await cameras.Daemon.DamctlAsync("record", "stop", "--all")).MustSucceed();

        await third.MustBeWholeAsync();
        await (await cameras.Daemon.ShowAsync(first.Id)).MustBeWholeAsync();
        await (await cameras.Daemon.ShowAsync(second.Id)).MustBeWholeAsync();
    }

    [Fact]
    public async Task Each_node_is_listed_with_the_formats_sizes_and_rates_that_v4l2_ctl_lists()
    {
        var devices = (await cameras.Daemon.DevicesAsync()).Where(d => Vivid.Nodes().Contains(d.Id)).ToList();

        Assert.Equal(Vivid.Nodes(), devices.Select(d => d.Id));
        foreach (var device in devices)
            Assert.Equal(await V4l2Ctl.ModesAsync(device.Id), device.Modes.SelectMany(V4l2Ctl.Lines).Order(StringComparer.Ordinal).ToArray());
    }

    [Fact]
    public async Task A_camera_that_may_not_be_opened_is_listed_with_the_group_that_may()
    {
        await using var daemon = await Daemon.StartAsync(new DaemonSettings { VirtualCameras = 1, AsNobody = true });
        (await daemon.DamctlAsync(["record", "start", "/dev/video0", .. Mode])).MustFail(4, "/dev/video0", "permission", "video", "remedy");

        var device = Assert.Single(await daemon.DevicesAsync(), d => d.Id == "/dev/video0");
        Assert.Contains("video", device.Problem, StringComparison.Ordinal);
        await (await daemon.RecordAsync("virtual:0", 0.5, "--size", "640x360", "--fps", "30")).MustBeWholeAsync();
    }

    [Fact]
    public async Task A_camera_that_another_program_streams_from_is_refused_and_recorded_once_it_is_free()
    {
        using (var holder = new Holder("v4l2-ctl", "-d", "/dev/video0", "--stream-mmap", "--stream-to=/dev/null"))
        {
            await Eventually.TrueAsync(
                async () => (await cameras.Daemon.DamctlAsync(["record", "start", "/dev/video0", "--duration", "0.1s", "--wait", .. Mode])).ExitCode != 0,
                "the device is busy", 30);
            (await cameras.Daemon.DamctlAsync(["record", "start", "/dev/video0", .. Mode])).MustFail(6, "/dev/video0", "another", "remedy");
        }

        await (await cameras.Daemon.RecordAsync("/dev/video0", 1, Mode)).MustBeWholeAsync();
    }
}
