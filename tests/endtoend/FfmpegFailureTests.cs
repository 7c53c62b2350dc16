namespace ThatDam.EndToEnd.Tests;

/// <summary>An ffmpeg that is missing, incomplete or slow.</summary>
public sealed class FfmpegFailureTests
{
    private static readonly string[] Mode = ["--size", "640x360", "--fps", "30"];

    [Fact]
    public async Task Without_ffmpeg_the_daemon_serves_and_says_what_to_install()
    {
        await using var daemon = await Daemon.StartAsync(new DaemonSettings { Ffmpeg = "/nowhere/ffmpeg" });
        var said = await daemon.DamctlAsync(["record", "start", "virtual:0", .. Mode]);

        said.MustFail(1, "/nowhere/ffmpeg", "install", "remedy");
        var status = await daemon.StatusAsync();
        Assert.Contains("/nowhere/ffmpeg", status.Ffmpeg.Problem, StringComparison.Ordinal);
        Assert.Single(await daemon.DevicesAsync());
        Assert.Empty(await daemon.ActiveAsync());
        Assert.Empty(Directory.GetFiles(daemon.Output));
    }

    [Fact]
    public async Task Without_an_encoder_its_codec_is_refused_in_ffmpegs_words_and_the_others_work()
    {
        using var folder = new TemporaryFolder();
        await using var daemon = await Daemon.StartAsync(new DaemonSettings { Ffmpeg = FakeFfmpeg.WithoutEncoder(folder.Path, "libx265") });
        var said = await daemon.DamctlAsync(["record", "start", "virtual:0", "--codec", "hevc", .. Mode]);

        said.MustFail(1, "hevc", "Unknown encoder 'libx265'", "h264");
        await (await daemon.RecordAsync("virtual:0", 0.5, Mode)).MustBeWholeAsync();
    }

    [Fact]
    public async Task While_ffmpeg_gets_ready_frames_wait_and_none_is_lost()
    {
        using var folder = new TemporaryFolder();
        await using var daemon = await Daemon.StartAsync(new DaemonSettings
        {
            Ffmpeg = FakeFfmpeg.Slow(folder.Path, 0.8),
            Flags = ["--set", "Ffmpeg.PoolSize=0"],
        });
        var recording = await daemon.RecordAsync("virtual:0", 2, Mode);

        await recording.MustBeWholeAsync();
        Assert.False(recording.WarmStart);
        Assert.True(recording.Frames is { Dropped: 0 }, recording.Frames.ToString());
        Assert.Equal(0u, (await CodedPicture.ReadAsync(recording.File))[0].Counter);
    }

    [Fact]
    public async Task One_that_is_slower_than_the_camera_is_waited_for_at_the_end_as_long_as_it_reads()
    {
        const int frame = 640 * 360 * 2;
        using var folder = new TemporaryFolder();
        await using var daemon = await Daemon.StartAsync(new DaemonSettings
        {
            Ffmpeg = FakeFfmpeg.Sluggish(folder.Path, frame),
            Flags = ["--set", "Ffmpeg.PoolSize=0"],
        });
        var recording = await daemon.RecordAsync("virtual:0", 1.5, Mode); // some 45 frames, of which it has read a quarter by then

        await recording.MustBeWholeAsync();
        Assert.True(recording.Frames is { Dropped: 0, Written: > 20 }, recording.Frames.ToString());
    }

    [Fact]
    public async Task A_warm_one_serves_the_default_and_status_counts_it()
    {
        await using var daemon = await Daemon.StartAsync();
        await Eventually.TrueAsync(async () => (await daemon.StatusAsync()).Ffmpeg.Pool.Warm > 0, "an ffmpeg waits warm", 30);
        var recording = await daemon.RecordAsync("virtual:0", 0.5, Mode);

        Assert.True(recording.WarmStart);
        Assert.True((await daemon.StatusAsync()).Ffmpeg.Pool.Hits > 0);
        await recording.MustBeWholeAsync();
    }
}
