using ThatDam.Contract;
using ThatDam.Tests;

namespace ThatDam.Cli.Tests.Commands;

public sealed class RecordListTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(100)]
    [InlineData(60)]
    public async Task Fits_the_terminal(int? width)
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/recordings", Samples.List(Samples.Running, Samples.Other, Samples.Failed));

        string text = Damctl.Run(daemon, width, ["record", "list"]).Good();

        Assert.All(text.Split('\n'), line => Assert.True(width is null || line.Length <= width, line));
        Snapshot.Matches(text, width is null ? "unlimited" : $"{width}");
    }

    [Fact]
    public async Task Aliases_are_shown_and_that_one_waits()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/recordings", Samples.List(Samples.Waiting, Samples.Other));

        string[] lines = Damctl.Run(daemon, width: 80, ["record", "list"], styled: true).Good().Split('\n');

        Assert.Contains("ALIAS", lines[0], StringComparison.Ordinal);
        Assert.Contains("front-desk  \e[33mwaiting", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Active_asks_for_the_running_ones()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/recordings?active=true", Samples.List(Array.Empty<Recording>()));

        Assert.Equal(new Outcome(0, "", "damctl: nothing is recording\n"), Damctl.Run(daemon, "record", "list", "--active"));
        Assert.Equal("{\"recordings\":[]}\n", Damctl.Run(daemon, "record", "list", "--active", "-o", "json").Good());
    }

    [Fact]
    public async Task Json_lines_are_the_elements_as_they_came()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/recordings", Samples.List(Samples.Running, Samples.Other));

        Assert.Equal(
            $"{Samples.Json(Samples.Running)}\n{Samples.Json(Samples.Other)}\n",
            Damctl.Run(daemon, "record", "list", "-o", "jsonl").Good());
    }
}
