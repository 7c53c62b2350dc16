namespace ThatDam.EndToEnd.Tests;

/// <summary>A daemon with two virtual cameras, for the tests of one class.</summary>
public sealed class TwoCameras : IAsyncLifetime
{
    internal Daemon Daemon { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Daemon = await Daemon.StartAsync(new DaemonSettings { VirtualCameras = 2 });

    public ValueTask DisposeAsync() => Daemon?.DisposeAsync() ?? default;
}

/// <summary>Every pair of codec and container: the file decodes, the counts agree, the times are those of capture.</summary>
public sealed class CodecTests(TwoCameras cameras) : IClassFixture<TwoCameras>
{
    private Daemon Daemon => cameras.Daemon;

    [Theory]
    [InlineData("h264", "mp4")]
    [InlineData("h264", "mkv")]
    [InlineData("hevc", "mp4")]
    [InlineData("hevc", "mkv")]
    [InlineData("mjpeg", "mp4")]
    [InlineData("mjpeg", "mkv")]
    [InlineData("ffv1", "mkv")]
    public async Task A_recording_holds_every_frame_at_its_time(string codec, string container)
    {
        var recording = await Daemon.RecordAsync("virtual:0", 3, "--codec", codec, "--container", container, "--size", "640x360", "--fps", "30");

        var video = await recording.MustBeWholeAsync();
        Assert.Equal(codec, video.Codec);
        Assert.Equal((codec, container), (recording.Codec, recording.Container));
        Assert.EndsWith("." + container, recording.File, StringComparison.Ordinal);
        Assert.Equal("duration", recording.Reason);
        Assert.InRange(recording.Frames.Written, 85, 95);

        var coded = await CodedPicture.ReadAsync(recording.File);
        Assert.Equal(recording.Frames.Written, coded.Count);
        Assert.InRange(video.MeanError_ms([.. coded.Select(c => c.Captured_us / 1e6)]), 0, 1);

        // What the driver counted as lost is what the pictures lack.
        var gaps = coded[^1].Counter - coded[0].Counter + 1 - coded.Count;
        Assert.Equal(recording.Frames.Lost + recording.Frames.Error + recording.Frames.Dropped, gaps);
    }

    [Fact]
    public async Task The_first_picture_in_the_file_is_the_first_that_the_camera_gave()
    {
        var recording = await Daemon.RecordAsync("virtual:1", 1, "--size", "640x360", "--fps", "30");

        var coded = await CodedPicture.ReadAsync(recording.File);
        Assert.Equal(0u, coded[0].Counter);
    }

    [Fact]
    public async Task Without_a_word_it_records_h264_in_mp4_that_browsers_play()
    {
        var recording = await Daemon.RecordAsync("virtual:0", 1);

        var video = await recording.MustBeWholeAsync();
        Assert.Equal(("h264", "mp4", "yuv420p"), (video.Codec, recording.Container, video.PixelFormat));
        Assert.Matches(@"/virtual0-h264-\d{8}T\d{6}Z\.mp4$", recording.File);
        Assert.Equal((UnixFileMode)0x1a0 /* 0640 */, File.GetUnixFileMode(recording.File));
        Assert.Equal(Daemon.Output, Path.GetDirectoryName(recording.File));
    }

    [Fact]
    public async Task A_label_is_in_the_name_and_a_taken_name_gets_a_number()
    {
        var first = await Daemon.StartRecordingAsync("virtual:0", "--label", "a.b_c-1", "--size", "640x360", "--fps", "30");
        var second = await Daemon.StartRecordingAsync("virtual:0", "--label", "a.b_c-1", "--size", "640x360", "--fps", "30");
        (await Daemon.DamctlAsync("record", "stop", "virtual:0")).MustSucceed();

        Assert.Matches(@"Z-a\.b_c-1\.mp4$", first.File);
        Assert.NotEqual(first.File, second.File);
        await (await Daemon.ShowAsync(first.Id)).MustBeWholeAsync();
        await (await Daemon.ShowAsync(second.Id)).MustBeWholeAsync();
    }

    [Theory]
    [InlineData("ffv1", "mp4")]
    [InlineData("copy", "mp4")]
    [InlineData("copy", "mkv")]
    public async Task A_pair_that_does_not_go_is_refused_with_those_that_do(string codec, string container)
    {
        var said = await Daemon.DamctlAsync("record", "start", "virtual:0", "--codec", codec, "--container", container);

        said.MustFail(1, codec, "h264", "mkv", "remedy");
        Assert.Empty(await Daemon.ActiveAsync());
    }
}
