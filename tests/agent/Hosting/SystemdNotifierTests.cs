using System.Net.Sockets;
using System.Text;
using ThatDam.Agent.Hosting;

namespace ThatDam.Agent.Tests.Hosting;

public sealed class SystemdNotifierTests
{
    [Fact]
    public void Each_message_is_one_datagram_at_the_path()
    {
        using var directory = new TemporaryDirectory();
        Assert.Equal(["READY=1", "STOPPING=1"], Told(directory["notify"], directory["notify"]));
    }

    [Fact]
    public void An_at_sign_names_the_abstract_namespace()
    {
        var name = $"thatdam-test-{Guid.NewGuid():N}";
        Assert.Equal(["READY=1", "STOPPING=1"], Told("\0" + name, "@" + name));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/nowhere/notify")]
    public void Nobody_listening_is_no_error(string? address) => new SystemdNotifier(address).Ready();

    private static string[] Told(string bound, string address)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
        socket.Bind(new UnixDomainSocketEndPoint(bound));
        var notifier = new SystemdNotifier(address);
        notifier.Ready();
        notifier.Stopping();
        return [Receive(), Receive()];

        string Receive()
        {
            var buffer = new byte[256];
            return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
        }
    }
}
