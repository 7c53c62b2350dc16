using System.Globalization;
using ThatDam.Contract;

namespace ThatDam.EndToEnd.Tests;

/// <summary>Real kernel devices, in numbers of their own or in trouble.</summary>
[Trait("bed", "guest")]
public sealed class VividTests : IAsyncLifetime
{
    private static readonly string[] Mode = ["--size", "320x180", "--fps", "30"];

    public async ValueTask InitializeAsync() => await Vivid.LoadAsync(4, multiplanar: [2, 3]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Sixty_four_nodes_are_listed_complete()
    {
        await Vivid.LoadAsync(64);
        await using var daemon = await Daemon.StartAsync(new DaemonSettings { VirtualCameras = 0 });
        var devices = (await daemon.DevicesAsync()).Where(d => d.Driver == "vivid").ToList();

        Assert.Equal(Vivid.Nodes(), devices.Select(d => d.Id));
        Assert.Equal(64, devices.Select(d => d.StableId).Distinct().Count());
        Assert.All(devices, d => Assert.Equal(devices[0].Modes.SelectMany(V4l2Ctl.Lines), d.Modes.SelectMany(V4l2Ctl.Lines)));
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
        await using var daemon = await Daemon.StartAsync(new DaemonSettings { VirtualCameras = 0 });
        using (var holder = new Holder("v4l2-ctl", "-d", "/dev/video0", "--stream-mmap", "--stream-to=/dev/null"))
        {
            await Eventually.TrueAsync(async () => (await daemon.DamctlAsync(["record", "start", "/dev/video0", "--duration", "0.1s", "--wait", .. Mode])).ExitCode != 0,
                "the device is busy", 30);
            (await daemon.DamctlAsync(["record", "start", "/dev/video0", .. Mode])).MustFail(6, "/dev/video0", "another", "remedy");
        }

        await (await daemon.RecordAsync("/dev/video0", 1, Mode)).MustBeWholeAsync();
    }

    [Fact]
    public async Task Eight_cameras_for_half_a_minute_lose_nothing_that_is_not_counted()
    {
        await Vivid.LoadAsync(8);
        var seconds = Programs.FullLength ? 30 : 12;
        await using var daemon = await Daemon.StartAsync(new DaemonSettings { VirtualCameras = 0 });
        var started = new List<Recording>();
        foreach (var node in Vivid.Nodes())
            started.Add(await daemon.StartRecordingAsync(node, "--codec", "mjpeg", "--size", "320x180", "--fps", "30",
                "--duration", seconds.ToString(CultureInfo.InvariantCulture)));
        await Eventually.TrueAsync(async () => (await daemon.ActiveAsync()).Count == 0, "all have ended", seconds + 120);

        foreach (var one in started)
        {
            var recording = await daemon.ShowAsync(one.Id);
            var video = await recording.MustBeWholeAsync();
            // Each period of the camera is a frame that was delivered or one that is counted as lost.
            var periods = ((video.Times_s[^1] - video.Times_s[0]) * recording.Fps) + 1;
            Assert.InRange(recording.Frames.Captured + recording.Frames.Lost, periods - 2, periods + 2);
            TestContext.Current.SendDiagnosticMessage("{0}: {1}", recording.Device, recording.Frames);
        }
    }
}
