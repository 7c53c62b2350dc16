using ThatDam.Contract;
using ThatDam.Tests;

namespace ThatDam.Cli.Tests.Commands;

public sealed class StatusTests
{
    private static readonly AgentStatus s_status = new()
    {
        Version = "0.1.0",
        Pid = 4711,
        Started = Samples.Moment,
        UptimeS = 8000,
        Devices = 4,
        ActiveRecordings = 1,
        Output = new OutputDirectory("/var/lib/thatdam/recordings", 123_400_000_000, null),
        Ffmpeg = new FfmpegStatus
        {
            Path = "/usr/bin/ffmpeg",
            Version = "ffmpeg version 5.1.6",
            Probed = true,
            Encoders =
            [
                new EncoderStatus("h264", "h264_vaapi", false, "No VA display found"),
                new EncoderStatus("h264", "libx264", true, null),
                new EncoderStatus("mjpeg", "mjpeg", true, null),
            ],
            Pool = new PoolStatus { Size = 2, Warm = 2, Hits = 5, Misses = 1 },
        },
        Events = Samples.Events,
    };

    /// <summary>A status with cameras that had to be helped, and a watch that was lied to.</summary>
    public static AgentStatus WithCameras { get; } = s_status with
    {
        Watch = new WatchStatus { Source = "udev", Accepted = 12, Refused = 3, Overruns = 1 },
        Cameras =
        [
            new CameraStatus
            {
                Device = "/dev/video0",
                StableId = Samples.Webcam.StableId,
                State = "streaming",
                Since = Samples.Moment,
                Transitions = new Dictionary<string, long> { ["opening"] = 1, ["streaming"] = 1 },
            },
            new CameraStatus
            {
                Device = "/dev/video4",
                StableId = Samples.FrontDesk.StableId,
                State = "waiting",
                Since = Samples.Moment.AddSeconds(9),
                Reason = "/dev/video4 was \u001b[31munplugged",
                Transitions = new Dictionary<string, long> { ["opening"] = 2, ["streaming"] = 2, ["stalled"] = 1, ["lost"] = 1, ["waiting"] = 1 },
                Recovery = new Dictionary<string, long> { ["restart"] = 1, ["usb_reset"] = 1 },
            },
        ],
    };

    [Fact]
    public async Task Tells_what_happened_to_the_cameras()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/status", Samples.Json(WithCameras));

        string text = Damctl.Run(daemon, "status").Good();

        Snapshot.Matches(text.Replace(daemon.SocketPath, "/run/thatdam/capture.sock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Why_devices_are_noticed_late_is_told()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/status", Samples.Json(s_status with { Watch = new WatchStatus { Source = "none", Problem = "no netlink here" } }));

        Assert.Contains("  watch      none; messages: 0 accepted, 0 refused; overruns: 0\n             no netlink here\n", Damctl.Run(daemon, "status").Good(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_what_runs_and_what_does_not()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/status", Samples.Json(s_status));

        string text = Damctl.Run(daemon, "status").Good();

        Snapshot.Matches(text.Replace(daemon.SocketPath, "/run/thatdam/capture.sock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tells_what_is_wrong()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/status", Samples.Json(s_status with
        {
            Output = new OutputDirectory("/mnt/gone", null, "/mnt/gone does not exist: create it, or set Recording.OutputDirectory"),
            Ffmpeg = new FfmpegStatus { Problem = "there is no ffmpeg in PATH: apt install ffmpeg", Pool = s_status.Ffmpeg.Pool },
            Events = Samples.Events with { Connected = false, Problem = "mq.example.org:5671: connection refused: start the broker, or see Url in [Broker]" },
        }));

        string text = Damctl.Run(daemon, width: 60, ["status"]).Good();

        Snapshot.Matches(text.Replace(daemon.SocketPath, "/run/thatdam/capture.sock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Local_mode_is_told_and_an_older_daemon_is_understood()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/status", Samples.Json(s_status with { Events = Samples.Events with { Broker = null, Connected = false } }))
            .On("GET /v1/status", Samples.Json(s_status with { Events = null }).Replace(",\"cameras\":[]", "", StringComparison.Ordinal));

        Assert.Contains("  events     local mode, 1 pending\n", Damctl.Run(daemon, "status").Good(), StringComparison.Ordinal);
        Assert.DoesNotContain("  events ", Damctl.Run(daemon, "status").Good(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("jsonl")]
    public async Task Json_is_what_the_daemon_said(string format)
    {
        const string Said = """{"version":"9","unknown_to_us":{"a":[1.50,null]},"text":"\u202e"}""";
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/status", Said);

        Assert.Equal(Said + "\n", Damctl.Run(daemon, "status", "-o", format).Good());
    }
}
