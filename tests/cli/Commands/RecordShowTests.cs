using ThatDam.Contract;
using ThatDam.Tests;

namespace ThatDam.Cli.Tests.Commands;

public sealed class RecordShowTests
{
    private static readonly string s_show = $"GET /v1/recordings/{Samples.Running.Id}";

    [Fact]
    public async Task Shows_file_state_and_account()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(s_show, Samples.Json(Samples.Ended with
        {
            Label = "interview",
            SharedMode = true,
            Segments =
            [
                new RecordingSegment { Index = 1, File = Samples.Ended.File, Bytes = 10_000_000 },
                new RecordingSegment { Index = 2, File = "/var/lib/thatdam/recordings/second.mp4", Bytes = 4_800_000 },
            ],
        }));

        Snapshot.Matches(Damctl.Run(daemon, "record", "show", Samples.Running.Id).Good());
    }

    [Fact]
    public async Task Shows_every_file_and_the_gaps_between_them()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(s_show, Samples.Json(Samples.Waiting));

        Snapshot.Matches(Damctl.Run(daemon, "record", "show", Samples.Running.Id).Good());
    }

    [Fact]
    public async Task Shows_why_it_failed_line_by_line()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(s_show, Samples.Json(Samples.Failed with { Error = "ffmpeg ended by itself:\n[nut] Invalid \u001b[31mdata" }));

        Snapshot.Matches(Damctl.Run(daemon, "record", "show", Samples.Running.Id).Good());
    }

    [Fact]
    public async Task Json_is_what_the_daemon_said()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(s_show, Samples.Json(Samples.Running));

        Assert.Equal(Samples.Json(Samples.Running) + "\n", Damctl.Run(daemon, "record", "show", Samples.Running.Id, "-o", "jsonl").Good());
    }

    [Fact]
    public async Task An_answer_of_another_kind_is_told()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/recordings/x", "{\"id\":\"x\"}");

        Outcome outcome = Damctl.Run(daemon, "record", "show", "x");

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Out));
        Assert.StartsWith("damctl: the daemon's answer: not understood (", outcome.Error, StringComparison.Ordinal);
    }
}
