using ThatDam.Tests;

namespace ThatDam.Cli.Tests.Commands;

public sealed class EventsStatusTests
{
    private const string Request = "GET /v1/events/status";

    [Fact]
    public async Task Tells_what_waits_and_what_was_confirmed()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Request, Samples.Json(Samples.Events));

        Snapshot.Matches(Damctl.Run(daemon, "events", "status").Good());
    }

    [Fact]
    public async Task Tells_what_is_wrong()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Request, Samples.Json(Samples.Events with
        {
            Connected = false,
            Problem = "mq.example.org:5671: \u001b[2Jconnection refused: start the broker, or see Url in [Broker]",
            Pending = 1200,
            PendingBytes = 2_400_000,
            Returned = 1,
            Dropped = 2,
        }));

        Snapshot.Matches(Damctl.Run(daemon, width: 72, ["events", "status"]).Good());
        Assert.Contains("\e[31mno\e[0m", Damctl.Run(daemon, width: 72, ["events", "status"], styled: true).Good(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Local_mode_is_no_error()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Request, Samples.Json(Samples.Events with { Broker = null, Connected = false, Oldest = null, Pending = 0, PendingBytes = 0, Confirmed = 0, Connections = 0 }));

        Snapshot.Matches(Damctl.Run(daemon, "events", "status").Good());
    }

    [Theory]
    [InlineData("json")]
    [InlineData("jsonl")]
    public async Task Json_is_what_the_daemon_said(string format)
    {
        const string Said = """{"connected":false,"unknown_to_us":{"a":[1.50,null]}}""";
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Request, Said);

        Assert.Equal(Said + "\n", Damctl.Run(daemon, "events", "status", "-o", format).Good());
    }
}
