using ThatDam.Tests;

namespace ThatDam.Cli.Tests.Commands;

public sealed class DevicesWatchTests
{
    [Fact]
    public async Task Shows_the_list_and_then_what_changes()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.Stream(
            "GET /v1/stream/devices",
            open: false,
            Samples.List(Samples.Webcam),
            Samples.List(Samples.Webcam, Samples.Hostile),
            Samples.List(Samples.Webcam with { State = "closed", Streaming = null }, Samples.Hostile),
            Samples.List(Samples.Hostile with { StableId = "other" }));

        Outcome outcome = Damctl.Run(daemon, "devices", "watch");

        Assert.Equal(5, outcome.ExitCode);
        Assert.Contains("the daemon ended the stream", outcome.Error, StringComparison.Ordinal);
        Snapshot.Matches(outcome.Out);
    }

    [Fact]
    public async Task Tells_what_is_unplugged_comes_back_elsewhere_and_is_forgotten()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        var desk = Samples.FrontDesk with { Status = "online", State = "closed", Signal = "ok" };
        daemon.Stream(
            "GET /v1/stream/devices",
            open: false,
            Samples.List(desk, Samples.Grabber with { Status = "offline", Id = "/dev/video4" }), // it had that node before
            Samples.List(Samples.FrontDesk, Samples.Grabber with { Status = "offline", Id = "/dev/video4" }),
            Samples.List(desk with { Id = "/dev/video6" }),
            Samples.List(desk with { Id = "/dev/video6", State = "opening", Signal = "no cable" }),
            Samples.List(desk with { Id = "/dev/video7", Signal = null, Problem = "it\u001bhangs" }));

        Snapshot.Matches(Damctl.Run(daemon, "devices", "watch").Out);
    }

    [Fact]
    public async Task Json_is_a_line_for_each_update()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        string[] updates = [Samples.List(Samples.Webcam), Samples.List(Samples.Webcam, Samples.Grabber)];
        daemon.Stream("GET /v1/stream/devices", open: false, updates);

        Assert.Equal($"{updates[0]}\n{updates[1]}\n", Damctl.Run(daemon, "devices", "watch", "-o", "json").Out);
        Assert.Equal(
            $"{Samples.Json(Samples.Webcam)}\n{Samples.Json(Samples.Webcam)}\n{Samples.Json(Samples.Grabber)}\n",
            Damctl.Run(daemon, "devices", "watch", "-o", "jsonl").Out);
    }
}
