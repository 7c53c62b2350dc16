using System.Net.Sockets;
using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;
using ThatDam.Native.Files;
using ThatDam.Native.Tests.Files;

namespace ThatDam.Native.Tests.Descriptors;

public sealed class DatagramSocketTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly Socket _receiver = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };

    public DatagramSocketTests() => _receiver.Bind(new UnixDomainSocketEndPoint(_scratch["s"]));

    public void Dispose()
    {
        _receiver.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void A_datagram_arrives_whole()
    {
        using var socket = DatagramSocket.Connect(_scratch["s"]);

        Assert.True(socket.TrySend("one\ntwo"u8));

        var received = new byte[64];
        Assert.Equal("one\ntwo"u8, received.AsSpan(0, _receiver.Receive(received)));
    }

    [Fact]
    public void A_receiver_without_room_is_no_error_and_a_poll_waits_for_it()
    {
        using var socket = DatagramSocket.Connect(_scratch["s"]);
        using var room = new PollSet();
        room.Add(socket, PollEvents.Out);
        Assert.True(room.Wait(0));

        while (socket.TrySend("x"u8))
        {
        }
        Assert.False(room.Wait(0));

        while (_receiver.Poll(0, SelectMode.SelectRead))
            _ = _receiver.Receive(new byte[8]);
        Assert.True(room.Wait(10_000));
        Assert.True(socket.TrySend("x"u8));
    }

    [Fact]
    public void Too_long_a_datagram_an_absent_receiver_and_one_that_went_are_told_apart()
    {
        using var socket = DatagramSocket.Connect(_scratch["s"]);

        Assert.Equal(Errno.EMSGSIZE, Fails(() => socket.TrySend(new byte[8 << 20])));
        Assert.Equal(Errno.ENOENT, Fails(() => DatagramSocket.Connect(_scratch["nothing"])));
        Assert.Equal(Errno.ENAMETOOLONG, Fails(() => DatagramSocket.Connect("/" + new string('x', 107))));
        _receiver.Dispose();
        Assert.Equal(Errno.ECONNREFUSED, Fails(() => socket.TrySend("x"u8)));
    }

    [Fact]
    public void A_sealed_file_cannot_be_written()
    {
        using var file = MemoryFile.Create("thatdam-test");
        file.Write("before"u8);
        file.Seal();

        Assert.Equal(Errno.EPERM, Fails(() => file.Write("after"u8)));
    }

    private static Errno Fails(Action action) => Assert.Throws<NativeException>(action).Errno;
}
