using ThatDam.Tests;

namespace ThatDam.Cli.Tests.Commands;

public sealed class DevicesShowTests
{
    [Fact]
    public async Task Shows_the_stream_its_transport_and_every_mode()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/devices/%2Fdev%2Fvideo0", Samples.Json(Samples.Webcam));

        Snapshot.Matches(Damctl.Run(daemon, "devices", "show", "/dev/video0").Good());
    }

    [Fact]
    public async Task Shows_ranges_inputs_and_problems()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/devices/viv%20id", Samples.Json(Samples.Grabber with
        {
            Problem = "VIDIOC_ENUM_FRAMEINTERVALS failed (EIO): replug the camera, or see the kernel's log for what its driver says",
        }));

        Snapshot.Matches(Damctl.Run(daemon, width: 60, ["devices", "show", "viv id"]).Good());
    }

    [Fact]
    public async Task Shows_who_it_is_and_what_it_does_since_when_and_why()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/devices/front-desk", Samples.Json(Samples.FrontDesk with { Status = "online", Signal = "no signal", IdentifiedBy = "its \u001b serial number" }))
            .On("GET /v1/status", Samples.Json(StatusTests.WithCameras));

        Snapshot.Matches(Damctl.Run(daemon, "devices", "show", "front-desk").Good());
    }

    [Fact]
    public async Task Shows_one_that_is_offline()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/devices/front-desk", Samples.Json(Samples.FrontDesk)).Refuse("GET /v1/status", 503, "not now");

        string text = Damctl.Run(daemon, "devices", "show", "front-desk").Good();

        Assert.Contains("  state      offline\n", text, StringComparison.Ordinal);
        Assert.Contains("  last seen  2026-11-24 07:50:41\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_names_do_nothing_to_the_terminal()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/devices/video9", Samples.Json(Samples.Hostile));

        Snapshot.Matches(Damctl.Run(daemon, "devices", "show", "video9").Good());
    }

    [Fact]
    public async Task Json_is_what_the_daemon_said()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/devices/video0", Samples.Json(Samples.Webcam));

        Assert.Equal(Samples.Json(Samples.Webcam) + "\n", Damctl.Run(daemon, "devices", "show", "video0", "-o", "json").Good());
    }

    [Fact]
    public async Task An_unknown_device_is_not_found()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.Refuse("GET /v1/devices/video7", 404, "video7: no such device", "see `damctl devices list`");

        Assert.Equal(
            new Outcome(3, "", "damctl: video7: no such device\n  remedy: see `damctl devices list`\n"),
            Damctl.Run(daemon, "devices", "show", "video7"));
    }

    [Fact]
    public async Task A_name_that_fits_several_is_a_conflict()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.Refuse("GET /v1/devices/cam", 409, "cam: fits /dev/video0 and /dev/video2", "say more of the name");

        Assert.Equal(6, Damctl.Run(daemon, "devices", "show", "cam").ExitCode);
    }
}
