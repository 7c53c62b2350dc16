using System.Net.Sockets;
using ThatDam.Agent.Hosting;
using ThatDam.Agent.Tests.Control;

namespace ThatDam.Agent.Tests.Hosting;

public sealed class ApiProbeTests
{
    [Fact]
    public async Task It_is_answered_again_and_again_on_one_connection_while_the_api_serves()
    {
        var agent = await ServedAgent.StartAsync();
        using var probe = new ApiProbe(agent.Socket);
        for (var i = 0; i < 3; i++)
            Assert.True(probe.Answers());
        await agent.DisposeAsync();
        Assert.Throws<SocketException>(() => probe.Answers());
    }

    [Fact]
    public async Task One_whose_connection_was_closed_meanwhile_asks_on_another()
    {
        using var directory = new TemporaryDirectory();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(directory["s"]));
        listener.Listen();
        // Answers one question a connection.
        var served = Task.Run(() =>
        {
            for (var i = 0; i < 3; i++)
            {
                using var client = listener.Accept();
                Assert.True(client.Receive(new byte[4096]) > 0);
                client.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8);
            }
        }, TestContext.Current.CancellationToken);
        using var probe = new ApiProbe(directory["s"]);
        for (var i = 0; i < 3; i++)
            Assert.True(probe.Answers());
        await served.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }
}
