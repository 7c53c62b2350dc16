using System.Globalization;
using ThatDam.Contract;

namespace ThatDam.EndToEnd.Tests;

/// <summary>Sixty-four vivid cameras, and a daemon that saw them at its start.</summary>
public sealed class ManyCameras : IAsyncLifetime
{
    internal Daemon Daemon { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Vivid.LoadAsync(64);
        Daemon = await Daemon.StartAsync(new DaemonSettings { VirtualCameras = 0 });
    }

    public ValueTask DisposeAsync() => Daemon?.DisposeAsync() ?? default;
}

/// <summary>Real kernel devices in numbers.</summary>
[Trait("bed", "guest")]
[Trait("boot", "2")]
public sealed class ManyCamerasTests(ManyCameras cameras) : IClassFixture<ManyCameras>
{
    [Fact]
    public async Task Sixty_four_nodes_are_listed_complete()
    {
        var devices = (await cameras.Daemon.DevicesAsync()).Where(d => d.Driver == "vivid").ToList();

        Assert.Equal(Vivid.Nodes(), devices.Select(d => d.Id));
        Assert.Equal(64, devices.Select(d => d.StableId).Distinct().Count());
        Assert.All(devices, d => Assert.Equal(devices[0].Modes.SelectMany(V4l2Ctl.Lines), d.Modes.SelectMany(V4l2Ctl.Lines)));
    }

    [Fact]
    public async Task Eight_cameras_at_once_lose_nothing_that_is_not_counted()
    {
        var seconds = Programs.FullLength ? 30 : 6;
        var started = new List<Recording>();
        foreach (var node in Vivid.Nodes().Take(8))
            started.Add(await cameras.Daemon.StartRecordingAsync(node, "--codec", "mjpeg", "--size", "320x180", "--fps", "30",
                "--duration", seconds.ToString(CultureInfo.InvariantCulture)));
        await Eventually.TrueAsync(async () => (await cameras.Daemon.ActiveAsync()).Count == 0, "all have ended", seconds + 120);

        foreach (var one in started)
        {
            var recording = await cameras.Daemon.ShowAsync(one.Id);
            TestContext.Current.SendDiagnosticMessage("{0}: {1}", recording.Device, recording.Frames);
            var video = await recording.MustBeWholeAsync();
            // Each period of the camera is a frame that was delivered or one that is counted as lost.
            var periods = ((video.Times_s[^1] - video.Times_s[0]) * recording.Fps) + 1;
            Assert.InRange(recording.Frames.Captured + recording.Frames.Lost, periods - 2, periods + 2);
        }
    }
}
