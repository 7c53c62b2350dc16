namespace ThatDam.EndToEnd.Tests;

/// <summary>One camera, several recordings: none disturbs another.</summary>
public sealed class ConsumerTests(TwoCameras cameras) : IClassFixture<TwoCameras>
{
    private static readonly string[] Mode = ["--size", "640x360", "--fps", "30"];

    private Daemon Daemon => cameras.Daemon;

    [Fact]
    public async Task Three_recordings_of_one_camera_at_once()
    {
        var first = await Daemon.StartRecordingAsync("virtual:0", Mode);
        var second = await Daemon.StartRecordingAsync("virtual:0", ["--codec", "mjpeg", "--container", "mkv", .. Mode]);
        var third = await Daemon.RecordAsync("virtual:0", 3, ["--codec", "ffv1", .. Mode]);
        second = await Daemon.StopRecordingAsync(second.Id);
        first = await Daemon.StopRecordingAsync(first.Id);

        Assert.False(first.SharedMode);
        Assert.True(second.SharedMode && third.SharedMode, "the answer tells that the mode is shared");
        foreach (var recording in new[] { first, second, third })
        {
            await recording.MustBeWholeAsync();
            Assert.True(recording.Frames is { Dropped: 0, Error: 0 }, recording.Frames.ToString());
        }

        Assert.True(first.Frames.Written > third.Frames.Written, "the first one began earlier and ended later");
    }

    [Fact]
    public async Task A_stuck_encoder_costs_the_others_nothing()
    {
        var healthy = await Daemon.StartRecordingAsync("virtual:0", Mode);
        var stuck = await Daemon.StartRecordingAsync("virtual:0", ["--codec", "hevc", .. Mode]);
        var encoder = Daemon.Ffmpegs("libx265")[0];
        // Longer than the start queue and the pipe can hide, shorter than the 4 s after which it would be killed.
        Processes.Signal(encoder.Id, Processes.SIGSTOP);
        var before = (await Daemon.ShowAsync(healthy.Id)).Frames.Captured;
        await Eventually.TrueAsync(async () => (await Daemon.ShowAsync(healthy.Id)).Frames.Captured >= before + 45, "45 frames pass");
        Processes.Signal(encoder.Id, Processes.SIGCONT);
        (await Daemon.DamctlAsync("record", "stop", "virtual:0")).MustSucceed();

        healthy = await Daemon.ShowAsync(healthy.Id);
        await healthy.MustBeWholeAsync();
        Assert.True(healthy.Frames is { Dropped: 0, Lost: 0, Error: 0 }, healthy.Frames.ToString());
        var held = await (await Daemon.ShowAsync(stuck.Id)).MustBeWholeAsync();
        Assert.Equal("hevc", held.Codec);
    }

    [Fact]
    public async Task A_killed_encoder_costs_the_other_recording_nothing()
    {
        var healthy = await Daemon.StartRecordingAsync("virtual:0", Mode);
        var killed = await Daemon.StartRecordingAsync("virtual:0", ["--codec", "mjpeg", .. Mode]);
        Processes.Signal(Daemon.Ffmpegs("mjpeg")[0].Id, Processes.SIGKILL);
        await Daemon.StartedAsync(0, killed.Id, 2);
        await Daemon.CapturedAsync(killed.Id, 15);
        healthy = await Daemon.StopRecordingAsync(healthy.Id);
        killed = await Daemon.StopRecordingAsync(killed.Id);

        await healthy.MustBeWholeAsync();
        Assert.True(healthy.Frames is { Dropped: 0, Error: 0 }, healthy.Frames.ToString());
        Assert.Equal("ffmpeg_lost", killed.Segments[0].Reason);
        Assert.Contains("ffmpeg", killed.Segments[0].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_mode_is_refused_and_the_running_recording_named()
    {
        var running = await Daemon.StartRecordingAsync("virtual:1", Mode);
        var said = await Daemon.DamctlAsync("record", "start", "virtual:1", "--size", "1280x720");
        await Daemon.StopRecordingAsync(running.Id);

        said.MustFail(6, running.Id, "640x360", "remedy");
    }
}
