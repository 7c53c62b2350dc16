using ThatDam.Contract;
using ThatDam.Tests;

namespace ThatDam.Cli.Tests.Commands;

public sealed class RecordWatchTests
{
    private const string Active = "GET /v1/recordings?active=true";
    private const string Stream = "GET /v1/stream/recordings";

    private static readonly Recording s_later = Samples.Running with
    {
        DurationS = 6,
        Bytes = 14_000_000,
        Frames = Samples.Running.Frames with { Captured = 175, Lost = 7 },
    };

    [Fact]
    public async Task A_terminal_gets_a_live_line_for_each()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.Stream(
            Stream,
            open: false,
            Samples.List(Samples.Running),
            Samples.List(s_later, Samples.OnGrabber),
            Samples.List(Samples.Ended, Samples.OnGrabber),
            Samples.List(Samples.Ended));

        Outcome outcome = Damctl.Run(daemon, width: 90, ["record", "watch"], redraws: true);

        Assert.Equal(5, outcome.ExitCode);
        Snapshot.Matches(outcome.Out.Replace('\e', '^'));
    }

    [Fact]
    public async Task A_pipe_gets_a_line_for_each_update()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.Stream(
            Stream,
            open: false,
            Samples.List(Samples.Failed),
            Samples.List(Samples.OnGrabber),
            Samples.List(Samples.OnGrabber with { State = "stopped" }));

        Outcome outcome = Damctl.Run(daemon, "record", "watch");

        Assert.StartsWith("damctl: nothing is recording yet", outcome.Error, StringComparison.Ordinal);
        Snapshot.Matches(outcome.Out);
    }

    [Fact]
    public async Task One_that_is_named_is_watched_to_its_end()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Active, Samples.List(Samples.Running, Samples.OnGrabber))
            .Stream(Stream, open: true, Samples.List(s_later, Samples.OnGrabber), Samples.List(Samples.Ended, Samples.OnGrabber));

        Assert.Equal(
            $"{Samples.Json(s_later)}\n{Samples.Json(Samples.Ended)}\n",
            Damctl.Run(daemon, "record", "watch", Samples.Running.Id, "-o", "jsonl").Good());
    }

    [Fact]
    public async Task One_that_fails_fails_the_watching()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Active, Samples.List(Samples.Running))
            .Stream(Stream, open: true, Samples.List(Samples.Failed));

        Outcome outcome = Damctl.Run(daemon, "record", "watch", "/dev/video0");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("failed (error)", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_ended_long_ago_is_told_at_once()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Active, Samples.List(Array.Empty<Recording>()))
            .Refuse($"GET /v1/devices/{Samples.Ended.Id}", 404, "x")
            .On($"GET /v1/recordings/{Samples.Ended.Id}", Samples.Json(Samples.Ended))
            .Stream(Stream, open: true, Samples.List(Array.Empty<Recording>()));

        Assert.Contains("stopped (manual)", Damctl.Run(daemon, "record", "watch", Samples.Ended.Id).Good(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_a_line_for_each_update()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.Stream(Stream, open: false, Samples.List(Samples.Running), Samples.List(s_later));

        Assert.Equal($"{Samples.List(Samples.Running)}\n{Samples.List(s_later)}\n", Damctl.Run(daemon, "record", "watch", "-o", "json").Out);
    }
}
