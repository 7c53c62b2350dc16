using ThatDam.Cli.Tests.Commands;
using ThatDam.Contract;
using ThatDam.Tests;

namespace ThatDam.Cli.Tests.Doctor;

/// <summary>What doctor says of the daemon.</summary>
public sealed class DoctorOfTheDaemonTests
{
    [Fact]
    public async Task A_daemon_that_does_not_answer_is_told_and_the_nodes_are_looked_at()
    {
        await using FakeDaemon nobody = await FakeDaemon.Start();
        FakeMachine machine = new FakeMachine(nobody.Directory).Node("/dev/video0").Node("/dev/video10").Process(6, "obs", 1000, ["/dev/video10"], mapped: "/dev/video10")
            .Process(7, "thatdam-capture", 998, ["/dev/video0"], mapped: "/dev/video0"); // hangs, and is not to be ended for its own camera
        string socket = Path.Combine(nobody.Directory, "none.sock");

        Outcome all = Damctl.Run(null, width: 100, ["doctor", "--socket", socket], machine: machine.Machine);
        Outcome one = Damctl.Run(null, width: 100, ["doctor", "video0", "--socket", socket], machine: machine.Machine);

        Assert.Equal((1, "", 1), (all.ExitCode, all.Error, one.ExitCode));
        Assert.DoesNotContain("obs", one.Out, StringComparison.Ordinal);
        Snapshot.Matches(all.Out.Replace(socket, "/run/thatdam/capture.sock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_that_is_wrong_with_the_daemon_is_told_with_remedies()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/devices", Samples.List(Array.Empty<DeviceSummary>()));
        daemon.On("GET /v1/status", Samples.Json(StatusTests.WithCameras with
        {
            Output = new OutputDirectory("/mnt/gone", null, "/mnt/gone does not exist"),
            Ffmpeg = new FfmpegStatus { Problem = "there is no ffmpeg in PATH", Pool = StatusTests.WithCameras.Ffmpeg.Pool },
            Events = Samples.Events with { Connected = false, Problem = "mq.example.org:5671: connection refused", Dropped = 5, Returned = 1 },
            Watch = new WatchStatus { Source = "none", Problem = "the netlink socket could not be opened (EPERM)", Refused = 2 },
        }));

        Outcome outcome = Damctl.Run(daemon, width: 100, ["doctor"], machine: new FakeMachine(daemon.Directory).Machine);

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Error));
        Snapshot.Matches(outcome.Out);
    }

    [Theory]
    [InlineData(0L, 1, "error: output: the disk is full")]
    [InlineData(999_999_999L, 1, "warning: output: the disk is nearly full")]
    [InlineData(1_000_000_000L, 0, "nothing is wrong")]
    public async Task A_disk_that_fills_is_told_in_time(long free, int exitCode, string told)
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        Outcome outcome = Run(daemon, StatusTests.WithCameras with { Output = new OutputDirectory("/r", free, null), Watch = null, Cameras = [] });

        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.StartsWith(told, outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ffmpeg_that_encodes_nothing_is_told_once_it_was_tried()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        FfmpegStatus none = StatusTests.WithCameras.Ffmpeg with { Encoders = [new EncoderStatus("h264", "libx264", false, "Unknown encoder")] };
        AgentStatus status = StatusTests.WithCameras with { Ffmpeg = none, Watch = new WatchStatus { Source = "kernel" }, Cameras = [] };

        Outcome tried = Run(daemon, status);
        Outcome trying = Run(daemon, status with { Ffmpeg = none with { Probed = false } });

        Assert.Contains("warning: ffmpeg: none of its encoders works\n  cause   libx264: Unknown encoder\n", tried.Out, StringComparison.Ordinal);
        Assert.StartsWith("info: hot-plug: word of devices comes from the kernel itself\n", trying.Good(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_is_not_there_is_not_found()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/status", Samples.Json(StatusTests.WithCameras)).On("GET /v1/devices", Samples.List(Samples.Webcam))
            .Refuse("GET /v1/devices/nobody", 404, "There is no device 'nobody'.", "Name one that is there.");

        Assert.Equal(
            new Outcome(3, "", "damctl: There is no device 'nobody'.\n  remedy: Name one that is there.\n"),
            Damctl.Run(daemon, width: null, ["doctor", "nobody"], machine: new FakeMachine(daemon.Directory).Machine));
    }

    private static Outcome Run(FakeDaemon daemon, AgentStatus status)
    {
        daemon.Only("GET /v1/status", Samples.Json(status)).Only("GET /v1/devices", Samples.List(Array.Empty<DeviceSummary>()));
        return Damctl.Run(daemon, width: null, ["doctor"], machine: new FakeMachine(daemon.Directory).Machine);
    }
}
