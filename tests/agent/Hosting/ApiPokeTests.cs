using System.Net.Sockets;
using ThatDam.Agent.Hosting;
using ThatDam.Agent.Tests.Control;

namespace ThatDam.Agent.Tests.Hosting;

public sealed class ApiPokeTests
{
    [Fact]
    public async Task The_api_beats_each_time_while_it_serves_and_no_more_when_it_does_not()
    {
        var agent = await ServedAgent.StartAsync();
        using var poke = new ApiPoke(agent.Socket);
        for (var beats = 1; beats <= 3; beats++)
        {
            poke.Ask();
            Assert.True(await Task.Run(() => SpinWait.SpinUntil(() => agent.Rooms.Pulse.Beats == beats, TimeSpan.FromSeconds(20))), $"beat {beats}");
        }
        await agent.DisposeAsync();
        poke.Ask();
        Assert.Equal(3, agent.Rooms.Pulse.Beats);
    }

    [Fact]
    public async Task It_is_no_request_that_anybody_is_told_of()
    {
        await using var agent = await ServedAgent.StartAsync();
        using var answer = await agent.Client.GetAsync("/-/pulse", TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.NoContent, answer.StatusCode);
        Assert.DoesNotContain("pulse", await agent.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_does_not_answer_is_asked_on_another_connection_each_time_and_never_waited_for()
    {
        using var directory = new TemporaryDirectory();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(directory["s"]));
        listener.Listen(2);
        using var poke = new ApiPoke(directory["s"]);
        for (var i = 0; i < 10; i++)
            poke.Ask(); // more than may wait to be let in
        var buffer = new byte[1024];
        using var first = listener.Accept();
        using var second = listener.Accept();
        Assert.True(first.Receive(buffer) > 0);
        Assert.Equal(0, first.Receive(buffer)); // given up
        Assert.True(second.Receive(buffer) > 0);
    }
}
