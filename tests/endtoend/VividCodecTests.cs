namespace ThatDam.EndToEnd.Tests;

/// <summary>Four vivid cameras and a daemon, for the tests of one class: to load the one and start the other takes the test bed longer than most tests.</summary>
public sealed class VividCameras : IAsyncLifetime
{
    internal Daemon Daemon { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Vivid.LoadAsync(4, multiplanar: [2, 3]);
        Daemon = await Daemon.StartAsync(new DaemonSettings { VirtualCameras = 0 });
    }

    public ValueTask DisposeAsync() => Daemon.DisposeAsync();
}

/// <summary>Every pair of codec and container from a real kernel device: the file decodes, the counts agree, the times are the kernel's.</summary>
[Trait("bed", "guest")]
public sealed class VividCodecTests(VividCameras cameras) : IClassFixture<VividCameras>
{
    private static readonly string[] Mode = ["--size", "320x180", "--fps", "30"];

    [Theory]
    [InlineData("h264", "mp4")]
    [InlineData("h264", "mkv")]
    [InlineData("hevc", "mp4")]
    [InlineData("hevc", "mkv")]
    [InlineData("mjpeg", "mp4")]
    [InlineData("mjpeg", "mkv")]
    [InlineData("ffv1", "mkv")]
    public async Task A_recording_holds_every_frame_at_the_kernels_time(string codec, string container)
    {
        using var kernel = await KernelTimes.ListenAsync("/dev/video0");
        var recording = await cameras.Daemon.RecordAsync("/dev/video0", 5, ["--codec", codec, "--container", container, .. Mode]);
        var times = await kernel.ReadAsync();
        var video = await recording.MustBeWholeAsync();

        Assert.Equal(codec, video.Codec);
        // The camera runs on until the last frame is in the file.
        Assert.True(times.Count >= recording.Frames.Captured, $"{times.Count} in the kernel's log, {recording.Frames}");
        Assert.InRange(video.MeanError_ms(times), 0, 1);
    }

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
}
