using System.Text.Json;

using ThatDam.Cli.Tests.Commands;
using ThatDam.Contract;
using ThatDam.Tests;

namespace ThatDam.Cli.Tests.Doctor;

/// <summary>What doctor says of cameras, and of the processes that hold them.</summary>
public sealed class DoctorTests
{
    private const string Busy = "/dev/video0 is held by another process. Find it with: fuser -v /dev/video0; stop it, then look again.";

    private static readonly AgentStatus s_well = StatusTests.WithCameras with { Cameras = [], Watch = null, Events = null };
    private static readonly DeviceSummary s_idle = Samples.Webcam with { State = "closed", Streaming = null };

    [Fact]
    public async Task Where_nothing_is_wrong_it_says_so_and_what_it_looked_at()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        FakeMachine machine = Machine(daemon).Process(4711, "thatdam-capture", 998, ["/dev/video0", "socket:[5]"], mapped: "/dev/video0").Process(7, "bash", 1000, ["/dev/pts/0"]);

        Assert.Equal("nothing is wrong; /dev/video0 and 1 process looked at\n", Run(daemon, machine, s_well, Samples.Webcam).Good());
        Assert.Equal("{\"findings\":[]}\n", Run(daemon, machine, s_well, [Samples.Webcam], "-o", "json").Good());
        Assert.Equal("", Run(daemon, machine, s_well, [Samples.Webcam], "-o", "jsonl").Good());
    }

    [Fact]
    public async Task Who_holds_a_camera_is_named_with_user_and_time()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        FakeMachine machine = Machine(daemon)
            .Process(4242, "che) \u001b[31mese", 1000, ["/dev/null", "/dev/video0", "/dev/video0"], mapped: "/dev/video0")
            .Process(4243, "wireplumber", 998, ["/dev/video0"])
            .Process(99, "secret", 0, ["/dev/video0"], closed: true)
            .Process(2, "kthreadd", 0, [], closed: true, flags: 0x208040);

        Outcome outcome = Run(daemon, machine, s_well, s_idle with { Problem = Busy, State = "unavailable" });

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Error));
        Assert.DoesNotContain(outcome.Out, character => char.IsControl(character) && character != '\n');
        Snapshot.Matches(outcome.Out);
    }

    [Fact]
    public async Task Who_merely_knows_a_camera_is_no_harm_and_who_streams_is()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        FakeMachine knows = Machine(daemon).Process(5, "wireplumber", 1000, ["/dev/video0"]);
        Assert.StartsWith("info: /dev/video0: open in another process\n", Run(daemon, knows, s_well, s_idle).Good(), StringComparison.Ordinal);

        FakeMachine streams = knows.Process(6, "obs", 998, ["/dev/video0"], mapped: "/dev/video0");
        Outcome outcome = Run(daemon, streams, s_well, s_idle);
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("warning: /dev/video0: held by another process\n  cause   obs (pid 6, user thatdam, running since 2026-11-24 07:51:41) streams from it", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("end it with `sudo kill 6`", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_feeds_a_loopback_device_is_no_harm()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        FakeMachine machine = Machine(daemon).Process(6, "ffmpeg", 1000, ["/dev/video0"], mapped: "/dev/video0");
        DeviceSummary loopback = s_idle with { Driver = "v4l2 loopback" };

        string text = Run(daemon, machine, s_well, loopback).Good();

        Assert.StartsWith("info: /dev/video0: in use by another process\n  cause   ffmpeg (pid 6, user", text, StringComparison.Ordinal);
        Assert.DoesNotContain("kill", text, StringComparison.Ordinal);
        Assert.Contains("kill 6", Run(daemon, machine, s_well, loopback with { Problem = Busy }).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_holder_that_may_not_be_seen_is_one_for_root()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        FakeMachine machine = Machine(daemon).Process(99, "secret", 0, ["/dev/video0"], closed: true);

        Outcome outcome = Run(daemon, machine, s_well, s_idle with { Problem = Busy });

        Assert.Contains("  remedy  `sudo damctl doctor /dev/video0` names it\n", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("  cause   1 process of other users could not be looked into", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_daemon_said_when_it_last_failed_is_told_until_it_streams()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        var camera = new CameraStatus
        {
            Device = "/dev/video0",
            StableId = s_idle.StableId,
            State = "closed",
            Since = Samples.Moment,
            Reason = "/dev/video0 found no free USB bandwidth on its bus usb1: there stream /dev/video2 (YUYV 640x480 at 30 fps).",
        };
        DeviceSummary neighbour = Samples.Webcam with { Id = "/dev/video2", Path = "/dev/video2", StableId = "other", Serial = "O", Bus = "usb-0000:00:14.0-3.1" };
        DeviceSummary far = neighbour with { Id = "/dev/video6", Path = "/dev/video6", StableId = "far", Serial = "P", Bus = "usb-0000:03:00.0-1" };
        FakeMachine machine = Machine(daemon).Node("/dev/video2").Node("/dev/video6");

        Outcome failed = Run(daemon, machine, s_well with { Cameras = [camera] }, s_idle, neighbour, far);
        Outcome streams = Run(daemon, machine, s_well with { Cameras = [camera with { State = "streaming" }] }, s_idle, neighbour, far);

        Assert.Equal((1, 0), (failed.ExitCode, streams.ExitCode));
        Snapshot.Matches(failed.Out);
    }

    [Fact]
    public async Task The_group_that_the_daemon_lacks_is_named()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        FakeMachine machine = Machine(daemon).Process(4711, "thatdam-capture", 998, []);
        DeviceSummary denied = s_idle with { Problem = "/dev/video0 may not be opened by the user thatdam. Add that user to the group that owns the node." };

        string text = Run(daemon, machine, s_well, denied).Out;

        Assert.Contains("error: /dev/video0: the daemon may not open it\n", text, StringComparison.Ordinal);
        Assert.Contains(":video, mode 0660; the daemon runs as thatdam, in the groups thatdam\n", text, StringComparison.Ordinal);
        Assert.Contains("  remedy  sudo usermod -aG video thatdam && sudo systemctl restart thatdam-capture\n", text, StringComparison.Ordinal);
        Assert.Contains("let its group read and write it", Run(daemon, machine.Node("/dev/video0", UnixFileMode.UserRead | UnixFileMode.UserWrite), s_well, denied).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bits_that_deny_are_no_finding_where_the_daemon_was_not_denied()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        FakeMachine machine = Machine(daemon).Process(4711, "thatdam-capture", 998, []); // an access list lets it in
        string text = Run(daemon, machine, s_well, s_idle with { Problem = "/dev/video0 did not answer within 10 s: its driver hangs. Unplug it." }).Out;
        Assert.DoesNotContain("may not open it", text, StringComparison.Ordinal);

        // It has ended between two looks.
        DeviceSummary denied = s_idle with { Problem = "/dev/video0 may not be opened by the user thatdam. Add that user to the group that owns the node." };
        Assert.DoesNotContain("the daemon may not open it", Run(daemon, Machine(daemon), s_well, denied).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_that_only_the_daemon_knows_is_told_in_its_words()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        DeviceSummary silent = s_idle with { Problem = "/dev/video0 did not answer within 5 s: its driver hangs. Unplug it and plug it in again; dmesg may say more." };

        Assert.Contains(
            "error: /dev/video0: it could not be read in full\n  cause   /dev/video0 did not answer within 5 s: its driver hangs.\n  remedy  Unplug it and plug it in again; dmesg may say more.\n",
            Run(daemon, Machine(daemon), s_well, silent).Out,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no device", "does not answer")]
    [InlineData("no power", "switch the source on")]
    [InlineData("no cable", "connect the source with a cable")]
    [InlineData("no signal", "switch the source on")]
    [InlineData("no sync", "shorter or better cable")]
    [InlineData("out of range", "smaller size or a lower rate")]
    [InlineData("no carrier", "antenna")]
    [InlineData("no access", "encrypted")]
    [InlineData("no color", "television standard")]
    [InlineData("no idea", "the driver says so")]
    public async Task Every_word_of_a_signal_is_explained(string word, string told)
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        Outcome outcome = Run(daemon, Machine(daemon), s_well, s_idle with { Signal = word, Inputs = [new DeviceInput(0, "HDMI", true, word)] });

        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith($"warning: /dev/video0: {word}\n  cause   its input HDMI: ", outcome.Out, StringComparison.Ordinal);
        Assert.Contains(told, outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_offline_is_wrong_where_it_has_a_name_or_was_asked_for()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        DeviceSummary nameless = Samples.FrontDesk with { Alias = null };
        daemon.On("GET /v1/devices/c920", Samples.Json(nameless));

        Assert.StartsWith("info: /dev/video4: it is not plugged in\n", Run(daemon, Machine(daemon), s_well, nameless).Good(), StringComparison.Ordinal);
        Assert.StartsWith("warning: /dev/video4: ", Run(daemon, Machine(daemon), s_well, [nameless], "c920").Out, StringComparison.Ordinal);
        Outcome named = Run(daemon, Machine(daemon), StatusTests.WithCameras, Samples.FrontDesk);
        Assert.Equal(1, named.ExitCode);
        Assert.Contains("warning: front-desk (/dev/video4): it is not plugged in\n", named.Out, StringComparison.Ordinal);
        Assert.Contains("was last seen at 2026-11-24 07:50:41", named.Out, StringComparison.Ordinal);
        Assert.Contains("a recording waits for it, and goes on by itself", named.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stalled", "warning: /dev/video0: its frames have stopped\n", 1)]
    [InlineData("lost", "warning: /dev/video0: its stream has ended\n", 1)]
    [InlineData("waiting", "warning: /dev/video0: a recording waits for it\n", 1)]
    [InlineData("closed", "warning: /dev/video0: it could not be opened when it was last tried\n", 1)]
    [InlineData("streaming", "info: /dev/video0: it had to be helped since the daemon's start\n  cause   restart 2, usb reset 1\n", 0)]
    public async Task What_a_camera_went_through_is_told(string state, string told, int exitCode)
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        var camera = new CameraStatus
        {
            Device = "/dev/video0",
            StableId = s_idle.StableId,
            State = state,
            Since = Samples.Moment,
            Reason = "no frame for 2.1 s",
            Recovery = new Dictionary<string, long> { ["restart"] = 2, ["usb_reset"] = 1 },
        };

        Outcome outcome = Run(daemon, Machine(daemon), s_well with { Cameras = [camera] }, s_idle);

        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.StartsWith(told, outcome.Out, StringComparison.Ordinal);
        if (exitCode == 1)
            Assert.Contains("no frame for 2.1 s; since 2026-11-24 07:50:41; tried so far: restart 2, usb reset 1\n", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_missing_and_twins_are_told()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        DeviceSummary twin = s_idle with { Id = "/dev/video8", Path = "/dev/video8", StableId = "pci-0000:00:14.0-usb-0:3:1.0", Bus = "usb-0000:00:14.0-3" };
        DeviceSummary infrared = s_idle with { Id = "/dev/video2", Path = "/dev/video2", StableId = "046d:082d-A1B2C3D4-2" }; // of the same device

        string text = Run(daemon, Machine(daemon).Node("/dev/video2"), s_well, s_idle, infrared, twin).Out;

        Assert.Contains("error: /dev/video8: its node is missing\n", text, StringComparison.Ordinal);
        Assert.Contains("info: /dev/video0: another camera has its serial number\n  cause   A1B2C3D4 is that of /dev/video8 too, so ports tell them apart\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_has_subject_severity_finding_cause_and_remedy()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/devices/front-desk", Samples.Json(Samples.FrontDesk));
        Outcome outcome = Run(daemon, Machine(daemon), s_well, [Samples.FrontDesk], "front-desk", "-o", "json");

        using JsonDocument json = JsonDocument.Parse(outcome.Out);
        JsonElement finding = Assert.Single(json.RootElement.GetProperty("findings").EnumerateArray());
        Assert.Equal(["subject", "severity", "finding", "cause", "remedy"], finding.EnumerateObject().Select(member => member.Name));
        Assert.Equal(["front-desk (/dev/video4)", "warning", "it is not plugged in"], finding.EnumerateObject().Take(3).Select(member => member.Value.GetString()));
        Assert.Equal(finding.GetRawText() + "\n", Run(daemon, Machine(daemon), s_well, [Samples.FrontDesk], "front-desk", "-o", "jsonl").Out);
    }

    private static FakeMachine Machine(FakeDaemon daemon) =>
        new FakeMachine(Directory.CreateDirectory(Path.Combine(daemon.Directory, Path.GetRandomFileName())).FullName).Node("/dev/video0");

    private static Outcome Run(FakeDaemon daemon, FakeMachine machine, AgentStatus status, params DeviceSummary[] devices) => Run(daemon, machine, status, devices, []);

    private static Outcome Run(FakeDaemon daemon, FakeMachine machine, AgentStatus status, DeviceSummary[] devices, params string[] args)
    {
        daemon.Only("GET /v1/status", Samples.Json(status)).Only("GET /v1/devices", Samples.List(devices));
        return Damctl.Run(daemon, width: null, ["doctor", .. args], machine: machine.Machine);
    }
}
