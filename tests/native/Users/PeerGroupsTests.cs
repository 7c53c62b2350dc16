using System.Net.Sockets;
using ThatDam.Native.Errors;
using ThatDam.Native.Tests.Files;
using ThatDam.Native.Users;

namespace ThatDam.Native.Tests.Users;

public sealed class PeerGroupsTests
{
    [Fact]
    public void Of_a_connection_of_ones_own_they_are_ones_own()
    {
        using var scratch = new ScratchDirectory();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(scratch["s"]));
        listener.Listen();
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(scratch["s"]));
        using var served = listener.Accept();
        // proc_pid_status(5): the supplementary ones.
        var own = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("Groups:", StringComparison.Ordinal))["Groups:".Length..]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(uint.Parse);

        Assert.Equal(own, PeerGroups.Of(served.SafeHandle));
    }

    [Fact]
    public void What_is_no_socket_has_no_other_end()
    {
        using var file = File.OpenHandle("/proc/self/status");
        Assert.Equal("SO_PEERGROUPS", Assert.Throws<NativeException>(() => PeerGroups.Of(file)).Call);
    }

    [Fact]
    public void Every_group_of_the_file_is_known_by_number()
    {
        foreach (var entry in File.ReadLines("/etc/group").Select(line => line.Split(':')).DistinctBy(entry => entry[0]))
            Assert.Equal(uint.Parse(entry[2], null), GroupId.Of(entry[0]));
    }

    [Fact]
    public void An_unknown_group_has_no_number() => Assert.Null(GroupId.Of("no-such-group-here"));
}
