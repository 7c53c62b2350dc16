using System.Net.Sockets;
using ThatDam.Native.Errors;
using ThatDam.Native.Tests.Files;
using ThatDam.Native.Users;

namespace ThatDam.Native.Tests.Users;

public sealed class PeerCredentialsTests
{
    [Fact]
    public void Both_ends_of_a_connection_of_ones_own_are_oneself()
    {
        using var scratch = new ScratchDirectory();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(scratch["s"]));
        listener.Listen();
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(scratch["s"]));
        using var served = listener.Accept();
        var self = new PeerCredentials(Environment.ProcessId, Own("Uid:"), Own("Gid:"));

        Assert.Equal(self, PeerCredentials.Of(served.SafeHandle));
        Assert.Equal(self, PeerCredentials.Of(client.SafeHandle));
    }

    [Fact]
    public void What_is_no_socket_has_no_other_end()
    {
        using var file = File.OpenHandle("/proc/self/status");
        Assert.Equal("SO_PEERCRED", Assert.Throws<NativeException>(() => PeerCredentials.Of(file)).Call);
    }

    // proc_pid_status(5): real, effective, saved and file-system id.
    private static uint Own(string kind) =>
        uint.Parse(File.ReadLines("/proc/self/status").Single(line => line.StartsWith(kind, StringComparison.Ordinal)).Split('\t')[2], null);
}
