using System.Globalization;

namespace ThatDam.EndToEnd.Tests;

/// <summary>Starting and stopping, in the order that nobody intended.</summary>
[Trait("pace", "waits")]
public sealed class LifecycleTests(TwoCameras cameras) : IClassFixture<TwoCameras>
{
    private static readonly string[] Mode = ["--size", "640x360", "--fps", "30"];

    private Daemon Daemon => cameras.Daemon;

    [Fact]
    public async Task Stopping_while_it_starts()
    {
        var start = Daemon.DamctlAsync(["record", "start", "virtual:0", "-o", "json", .. Mode]);
        await Eventually.TrueAsync(async () => (await Daemon.ActiveAsync()).Count > 0, "the recording is there");
        var stop = await Daemon.DamctlAsync("record", "stop", "virtual:0");

        stop.MustSucceed();
        var started = await start;
        // Either its first frame was in before the stop, or the stop came first, and then it says so.
        if (started.ExitCode != 0)
            started.MustFail(6, "stopped");
        Assert.Empty(await Daemon.ActiveAsync());
        await MustStillRecordAsync();
    }

    [Fact]
    public async Task Twice_at_the_same_moment()
    {
        var first = Daemon.StartRecordingAsync("virtual:0", Mode);
        var second = Daemon.StartRecordingAsync("virtual:0", Mode);
        var both = new[] { await first, await second };
        (await Daemon.DamctlAsync("record", "stop", "--all")).MustSucceed();

        Assert.NotEqual(both[0].File, both[1].File);
        foreach (var recording in both)
            await (await Daemon.ShowAsync(recording.Id)).MustBeWholeAsync();
    }

    [Fact]
    public async Task Stopping_twice()
    {
        var recording = await Daemon.StartRecordingAsync("virtual:0", Mode);
        var first = await Daemon.StopRecordingAsync(recording.Id);
        var again = await Daemon.DamctlAsync("record", "stop", recording.Id);
        var nothing = await Daemon.DamctlAsync("record", "stop", "virtual:0");

        if (again.ExitCode != 0)
            again.MustFail(6, recording.Id, "stopped");
        Assert.NotEqual(0, nothing.ExitCode);
        Assert.Contains("virtual:0", nothing.Stderr, StringComparison.Ordinal);
        Assert.Equal(first.Stopped, (await Daemon.ShowAsync(recording.Id)).Stopped);
        await first.MustBeWholeAsync();
    }

    [Theory]
    [InlineData("/dev/video77")]
    [InlineData("virtual:7")]
    [InlineData("no-such-camera")]
    public async Task An_unknown_device(string name)
    {
        (await Daemon.DamctlAsync("record", "start", name)).MustFail(3, name, "remedy");
        (await Daemon.DamctlAsync("devices", "show", name)).MustFail(3, name);
        (await Daemon.DamctlAsync("record", "show", "20200101-000000-aaaa")).MustFail(3, "20200101-000000-aaaa");
        await MustStillRecordAsync();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-3s")]
    [InlineData("soon")]
    public async Task A_duration_that_is_none(string duration) =>
        (await Daemon.DamctlAsync("record", "start", "virtual:0", $"--duration={duration}")).MustFail(2, "duration");

    [Fact]
    public async Task A_size_that_the_camera_lacks() =>
        (await Daemon.DamctlAsync("record", "start", "virtual:0", "--size", "123x45")).MustFail(1, "123x45", "640x360", "remedy");

    [Theory]
    [InlineData(Processes.SIGTERM)]
    [InlineData(Processes.SIGINT)]
    public async Task Ending_the_daemon_leaves_whole_files_and_no_process(int signal)
    {
        await using var daemon = await Daemon.StartAsync();
        var recording = await daemon.StartRecordingAsync("virtual:0", Mode);
        await Eventually.TrueAsync(async () => (await daemon.ShowAsync(recording.Id)).Frames.Captured >= 30, "a second is captured");
        await daemon.StopAsync(signal);

        var video = await Video.ReadAsync(recording.File);
        Assert.Equal("", video.Errors);
        Assert.True(video.Frames >= 30, video.Frames.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_killed_daemon_leaves_no_ffmpeg_and_the_next_one_tells_what_became_of_the_recording()
    {
        await using var daemon = await Daemon.StartAsync();
        var recording = await daemon.StartRecordingAsync("virtual:0", Mode);
        await Eventually.TrueAsync(async () => (await daemon.ShowAsync(recording.Id)).Frames.Captured >= 90, "three seconds are captured");
        await daemon.StopAsync(Processes.SIGKILL);

        await using var next = await Daemon.StartAsync(new DaemonSettings
        {
            Output = daemon.Output,
            State = daemon.State,
            Socket = daemon.Socket,
        });
        var after = await next.ShowAsync(recording.Id);
        Assert.Contains(after.State, new[] { "stopped", "failed" });
        var video = await Video.ReadAsync(recording.File);
        Assert.True(video.Frames >= 30, video.ToString());
    }

    [Fact]
    public async Task A_second_daemon_on_the_same_socket_is_refused()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Daemon.StartAsync(new DaemonSettings { Socket = Daemon.Socket }));

        Assert.Contains(Daemon.Socket, error.Message, StringComparison.Ordinal);
        await MustStillRecordAsync();
    }

    [Fact]
    public void It_watches_no_files()
    {
        // A host with its usual settings watches every folder of the content root, which is / here.
        var open = Directory.GetFiles($"/proc/{Daemon.Id}/fd").Select(fd => new FileInfo(fd).LinkTarget);

        Assert.DoesNotContain(open, target => target is not null && target.Contains("inotify", StringComparison.Ordinal));
    }

    private async Task MustStillRecordAsync() =>
        await (await Daemon.RecordAsync("virtual:1", 0.5, Mode)).MustBeWholeAsync();
}
