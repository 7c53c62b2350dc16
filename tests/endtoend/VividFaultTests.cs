namespace ThatDam.EndToEnd.Tests;

/// <summary>vivid with one webcam, and a daemon.</summary>
public sealed class FaultyCamera : IAsyncLifetime
{
    internal Daemon Daemon { get; private set; } = null!;

    internal string Node { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Node = await Vivid.LoadAsync(VividInput.Webcam);
        Daemon = await DaemonCameras.StartAsync("");
        await Daemon.OnlineAsync(Node);
    }

    public async ValueTask DisposeAsync()
    {
        if (Daemon is not null)
            await Daemon.DisposeAsync();
        await Vivid.UnloadAsync();
    }
}

/// <summary>A driver that fails: counted, told in words, and survived.</summary>
[Trait("bed", "guest")]
[Trait("boot", "2")]
public sealed class VividFaultTests(FaultyCamera camera, ITestOutputHelper output) : IClassFixture<FaultyCamera>
{
    private static readonly string[] Mode = ["--size", "320x180", "--fps", "30", "--codec", "mjpeg"];

    private Daemon Daemon => camera.Daemon;

    [Fact]
    public async Task Buffers_with_an_error_are_counted_and_left_out()
    {
        var started = await Daemon.StartRecordingAsync(camera.Node, Mode);
        for (var fault = 1; fault <= 3; fault++)
        {
            var so_far = fault;
            await SetAsync("inject_v4l2_buf_flag_error");
            await Eventually.TrueAsync(async () => (await Daemon.ShowAsync(started.Id)).Frames.Error >= so_far, $"{fault} are counted");
        }
        var recording = await Daemon.StopRecordingAsync(started.Id);
        Assert.Equal((3, 0), (recording.Frames.Error, recording.Gaps.Count));
        await recording.MustBeWholeAsync();
    }

    [Fact]
    public async Task Frames_that_the_driver_drops_are_counted_as_lost()
    {
        var started = await Daemon.StartRecordingAsync(camera.Node, Mode);
        await SetAsync("percentage_of_dropped_buffers", 30);
        try
        {
            await Eventually.TrueAsync(async () => (await Daemon.ShowAsync(started.Id)).Frames.Lost >= 15, "fifteen are counted", 30);
        }
        finally
        {
            await SetAsync("percentage_of_dropped_buffers", 0);
        }
        var recording = await Daemon.StopRecordingAsync(started.Id);
        output.WriteLine($"{recording.Frames}");
        var video = await recording.MustBeWholeAsync();
        // Each period is a frame that came or one that is counted.
        var periods = ((video.Times_s[^1] - video.Times_s[0]) * recording.Fps) + 1;
        Assert.InRange(recording.Frames.Captured + recording.Frames.Lost, periods - 2, periods + 2);
    }

    [Theory]
    [InlineData("inject_vidioc_streamon_error")]
    [InlineData("inject_vidioc_reqbufs_error")]
    [InlineData("inject_vidioc_qbuf_error")]
    public async Task One_that_does_not_start_says_so_or_starts_at_the_second_try(string control)
    {
        await SetAsync(control);
        var said = await Daemon.DamctlAsync(["record", "start", camera.Node, .. Mode]);
        output.WriteLine($"{control}: {said.ExitCode} {said.Stderr}");
        if (said.ExitCode != 0)
        {
            Assert.Contains(camera.Node, said.Stderr, StringComparison.Ordinal);
            Assert.Contains("remedy", said.Stderr, StringComparison.Ordinal);
        }
        (await Daemon.DamctlAsync("record", "stop", "--all")).MustSucceed();
        await MustRecordAsync();
    }

    [Fact]
    public async Task A_stream_that_fails_is_started_anew_and_the_recording_goes_on()
    {
        var started = await Daemon.StartRecordingAsync(camera.Node, Mode);
        await Daemon.CapturedAsync(started.Id, 30);
        await SetAsync("inject_fatal_streaming_error");
        await Daemon.StartedAsync(0, started.Id, 2);
        await Daemon.CapturedAsync(started.Id, 15);
        var recording = await Daemon.StopRecordingAsync(started.Id);

        await recording.MustBeWholeInPartsAsync();
        await Daemon.MustTellAsync(recording);
        output.WriteLine($"{recording.Segments[0].Reason}: {recording.Segments[0].Error}; {recording.Gaps[0]}");
        var status = await Daemon.CameraAsync(recording.StableId!);
        Assert.True(status.Recovery.GetValueOrDefault("restart") + status.Recovery.GetValueOrDefault("reopen") >= 1, string.Join(", ", status.Recovery));
    }

    [Fact]
    public async Task One_that_says_it_is_unplugged_while_its_node_stays_ends_the_recording()
    {
        var started = await Daemon.StartRecordingAsync(camera.Node, Mode);
        await Daemon.CapturedAsync(started.Id, 30);
        await SetAsync("disconnect");
        var stopped = await Daemon.StoppedAsync(0, started.Id, 1);
        Assert.Equal("device_lost", stopped.Text("reason"));
        await Eventually.TrueAsync(async () => (await Daemon.ActiveAsync()).Count == 0, "the recording has ended", 20);

        Assert.Equal("", (await Video.ReadAsync(started.File)).Errors);
        // The node works again as soon as the last one has closed it, and no message tells that.
        await MustRecordAsync();
    }

    [Fact]
    public async Task One_that_says_it_is_unplugged_while_its_node_stays_is_tried_again_where_the_recording_waits()
    {
        var started = await Daemon.StartRecordingAsync(camera.Node, ["--resume", .. Mode]);
        await Daemon.CapturedAsync(started.Id, 30);
        await SetAsync("disconnect");
        await Daemon.StartedAsync(0, started.Id, 2, 90);
        await Daemon.CapturedAsync(started.Id, 15);
        var recording = await Daemon.StopRecordingAsync(started.Id);
        await recording.MustBeWholeInPartsAsync();
        await Daemon.MustTellAsync(recording);
    }

    private Task SetAsync(string control, int value = 1) => Vivid.SetAsync(camera.Node, control, value);

    private async Task MustRecordAsync()
    {
        await (await Daemon.RecordAsync(camera.Node, 0.5, Mode)).MustBeWholeAsync();
        Assert.Equal("online", Assert.Single(await Daemon.DevicesAsync()).Status);
    }
}
