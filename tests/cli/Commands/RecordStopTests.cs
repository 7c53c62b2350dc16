using Microsoft.AspNetCore.Http;

using ThatDam.Contract;

namespace ThatDam.Cli.Tests.Commands;

public sealed class RecordStopTests
{
    private const string Active = "GET /v1/recordings?active=true";

    private static readonly string s_ended = Samples.Json(Samples.Ended);
    private static readonly string s_otherEnded = Samples.Json(Samples.Other with { State = "stopped", Reason = "manual" });

    [Fact]
    public async Task Stops_one_by_id()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Active, Samples.List(Samples.Running, Samples.Other)).On(Stop(Samples.Running), s_ended);

        Assert.Equal(
            "20261124-075041-k3f9  stopped (manual)  0:00:06  14.8 MB  179 frames, 2 lost, 0 dropped, 1 with errors  /var/lib/thatdam/recordings/video0-copy-20261124T075041Z.mp4\n",
            Damctl.Run(daemon, "record", "stop", Samples.Running.Id).Good());
        Assert.Equal(s_ended + "\n", Damctl.Run(daemon, "record", "stop", Samples.Running.Id, "-o", "json").Good());
    }

    [Theory]
    [InlineData("/dev/video0")]
    [InlineData("046d:082d-A1B2C3D4-0")]
    [InlineData("webcam")]
    public async Task Stops_every_recording_of_a_camera(string name)
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Active, Samples.List(Samples.Running, Samples.OnGrabber, Samples.Other))
            .On("GET /v1/devices/webcam", Samples.Json(Samples.Webcam))
            .On(Stop(Samples.Running), s_ended)
            .On(Stop(Samples.Other), s_otherEnded);

        Assert.Equal($"{{\"recordings\":[{s_ended},{s_otherEnded}]}}\n", Damctl.Run(daemon, "record", "stop", name, "-o", "json").Good());
        Assert.Equal($"{s_ended}\n{s_otherEnded}\n", Damctl.Run(daemon, "record", "stop", name, "-o", "jsonl").Good());
    }

    [Fact]
    public async Task An_alias_stops_what_waits_for_its_camera()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Active, Samples.List(Samples.Waiting, Samples.Other)).On(Stop(Samples.Waiting), s_ended);

        Assert.Equal(s_ended + "\n", Damctl.Run(daemon, "record", "stop", "front-desk", "-o", "json").Good());
    }

    [Fact]
    public async Task A_node_means_who_streams_there_before_who_waits()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        var waiting = Samples.Waiting with { Id = "20261124-070000-wait", Device = "/dev/video0" };
        daemon.On(Active, Samples.List(waiting, Samples.Running)).On(Active, Samples.List(waiting)).On(Stop(Samples.Running), s_ended).On(Stop(waiting), s_otherEnded);

        Assert.Equal(s_ended + "\n", Damctl.Run(daemon, "record", "stop", "/dev/video0", "-o", "json").Good());
        Assert.Equal(s_otherEnded + "\n", Damctl.Run(daemon, "record", "stop", "/dev/video0", "-o", "json").Good());
    }

    [Fact]
    public async Task A_camera_at_another_node_by_now_is_found_by_who_it_is()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Active, Samples.List(Samples.Running, Samples.OnGrabber))
            .On("GET /v1/devices/c920", Samples.Json(Samples.Webcam with { Id = "/dev/video2", Path = "/dev/video2" }))
            .On(Stop(Samples.Running), s_ended);

        Assert.Equal(s_ended + "\n", Damctl.Run(daemon, "record", "stop", "c920", "-o", "json").Good());
    }

    [Fact]
    public async Task A_cameras_only_recording_is_one_object()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Active, Samples.List(Samples.Running, Samples.OnGrabber)).On(Stop(Samples.Running), s_ended);

        Assert.Equal(s_ended + "\n", Damctl.Run(daemon, "record", "stop", "/dev/video0", "-o", "json").Good());
    }

    [Fact]
    public async Task All_are_told_to_stop_before_any_is_waited_for()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        var otherTold = new TaskCompletionSource();
        daemon.On(Active, Samples.List(Samples.Running, Samples.Other))
            .On(Stop(Samples.Running), async context =>
            {
                await otherTold.Task.WaitAsync(TimeSpan.FromSeconds(10));
                await context.Response.WriteAsync(s_ended);
            })
            .On(Stop(Samples.Other), async context =>
            {
                otherTold.SetResult();
                await context.Response.WriteAsync(s_otherEnded);
            });

        Assert.Equal($"{{\"recordings\":[{s_ended},{s_otherEnded}]}}\n", Damctl.Run(daemon, "record", "stop", "--all", "-o", "json").Good());
    }

    [Fact]
    public async Task Nothing_to_stop_is_no_error_for_all()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Active, Samples.List(Array.Empty<Recording>()));

        Assert.Equal(new Outcome(0, "", "damctl: nothing to stop\n"), Damctl.Run(daemon, "record", "stop", "--all"));
        Assert.Equal("{\"recordings\":[]}\n", Damctl.Run(daemon, "record", "stop", "--all", "-o", "json").Good());
    }

    [Fact]
    public async Task A_camera_that_records_nothing_is_told()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Active, Samples.List(Samples.Running)).On("GET /v1/devices/%2Fdev%2Fvideo2", Samples.Json(Samples.Grabber));

        Assert.Equal(
            new Outcome(3, "", "damctl: /dev/video2: nothing is recording from it\n  remedy: see `damctl record list`\n"),
            Damctl.Run(daemon, "record", "stop", "/dev/video2"));
    }

    [Fact]
    public async Task Neither_a_recording_nor_a_camera_is_told()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Active, Samples.List(Samples.Running)).Refuse("GET /v1/devices/nope", 404, "x").Refuse("GET /v1/recordings/nope", 404, "x");

        Assert.Equal(
            new Outcome(3, "", "damctl: nope: neither a recording nor a camera\n  remedy: see `damctl record list` and `damctl devices list`\n"),
            Damctl.Run(daemon, "record", "stop", "nope"));
    }

    [Fact]
    public async Task A_second_stop_is_answered_by_the_daemon()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Active, Samples.List(Array.Empty<Recording>()))
            .Refuse($"GET /v1/devices/{Samples.Ended.Id}", 404, "x")
            .On($"GET /v1/recordings/{Samples.Ended.Id}", s_ended)
            .Refuse(Stop(Samples.Ended), 409, $"{Samples.Ended.Id}: has ended already");

        Assert.Equal(
            new Outcome(6, "", $"damctl: {Samples.Ended.Id}: has ended already\n"),
            Damctl.Run(daemon, "record", "stop", Samples.Ended.Id));
    }

    [Fact]
    public async Task One_that_cannot_be_stopped_hides_no_other()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Active, Samples.List(Samples.Running, Samples.Other))
            .Refuse(Stop(Samples.Running), 503, "the disk is full")
            .On(Stop(Samples.Other), Samples.Json(Samples.Failed));

        Outcome outcome = Damctl.Run(daemon, "record", "stop", "--all", "-o", "json");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal($"{{\"recordings\":[{Samples.Json(Samples.Failed)}]}}\n", outcome.Out);
        Assert.Contains("the disk is full", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("ffmpeg ended by itself", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("video0", "--all")]
    [InlineData("")]
    public async Task What_to_stop_must_be_said_once(params string[] args)
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();

        Assert.Equal(2, Damctl.Run(daemon, ["record", "stop", .. args]).ExitCode);
        Assert.Empty(daemon.Requests);
    }

    private static string Stop(Recording recording) => $"POST /v1/recordings/{recording.Id}/stop";
}
