using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace ThatDam.Agent.Tests.Hosting;

/// <summary>
/// Listens where journald would, on a real datagram socket, and reads what comes as https://systemd.io/JOURNAL_NATIVE_PROTOCOL has it: fields
/// in a datagram, or in a sealed file whose descriptor comes in an empty one.
/// </summary>
internal sealed class FakeJournal : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly byte[] _buffer = new byte[1 << 20];

    public FakeJournal(string path) => _socket.Bind(new UnixDomainSocketEndPoint(path));

    /// <summary>How many entries came in a file.</summary>
    public int Files { get; private set; }

    /// <summary>The next entry; null when none comes in time.</summary>
    public FakeJournalEntry? Receive(int patience_ms = 20_000) =>
        _socket.Poll(patience_ms * 1000, SelectMode.SelectRead) ? new FakeJournalEntry(Fields(ReadMessage())) : null;

    /// <summary>The next entry whose message begins so. Others on the way to it are lost.</summary>
    public FakeJournalEntry Expect(string message)
    {
        while (Receive() is { } entry)
        {
            if (entry["MESSAGE"].StartsWith(message, StringComparison.Ordinal))
                return entry;
        }
        throw new InvalidOperationException($"no entry '{message}…' came");
    }

    public void Dispose() => _socket.Dispose();

    private unsafe byte[] ReadMessage()
    {
        var control = stackalloc byte[64];
        fixed (byte* bytes = _buffer)
        {
            var part = new iovec { iov_base = bytes, iov_len = (size_t)(ulong)_buffer.Length };
            var message = new msghdr { msg_iov = &part, msg_iovlen = 1, msg_control = control, msg_controllen = 64 };
            var length = (long)LibC.recvmsg((int)_socket.SafeHandle.DangerousGetHandle(), &message, LibC.MSG_CMSG_CLOEXEC);
            Assert.True(length >= 0, "recvmsg failed");
            Assert.Equal(0, message.msg_flags & (LibC.MSG_TRUNC | LibC.MSG_CTRUNC));
            if (message.msg_controllen == 0)
                return _buffer[..(int)length];
            // As journald has it: a file comes alone, in a datagram without a byte.
            Assert.Equal(0, length);
            var header = (cmsghdr*)control;
            Assert.Equal((LibC.SOL_SOCKET, LibC.SCM_RIGHTS), (header->cmsg_level, header->cmsg_type));
            using var file = new SafeFileHandle(*(int*)(control + sizeof(cmsghdr)), ownsHandle: true);
            return ReadFile(file);
        }
    }

    private byte[] ReadFile(SafeFileHandle file)
    {
        // These four and no other: journald 252 refuses a file of another user's with any other set.
        Assert.Equal(
            LibC.F_SEAL_SEAL | LibC.F_SEAL_SHRINK | LibC.F_SEAL_GROW | LibC.F_SEAL_WRITE, LibC.fcntl((int)file.DangerousGetHandle(), LibC.F_GET_SEALS));
        Files++;
        var bytes = new byte[RandomAccess.GetLength(file)];
        Assert.Equal(bytes.Length, RandomAccess.Read(file, bytes, 0));
        return bytes;
    }

    private static List<(string Name, string Value)> Fields(byte[] entry)
    {
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        var fields = new List<(string, string)>();
        for (var at = 0; at < entry.Length;)
        {
            var end = Array.IndexOf(entry, (byte)'\n', at);
            Assert.True(end >= 0, "the last field has no end");
            var equals = Array.IndexOf(entry, (byte)'=', at, end - at);
            if (equals >= 0)
            {
                fields.Add((Text(at, equals), Text(equals + 1, end)));
                at = end + 1;
                continue;
            }
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(entry.AsSpan(end + 1));
            var value = end + 1 + sizeof(ulong);
            fields.Add((Text(at, end), Text(value, value + length)));
            Assert.Equal((byte)'\n', entry[value + length]);
            at = value + length + 1;
        }
        foreach (var (name, _) in fields)
            Assert.Matches("^[A-Z][A-Z0-9_]{0,63}$", name);
        return fields;

        string Text(int from, int to) => strict.GetString(entry, from, to - from);
    }
}

/// <summary>The fields of one entry.</summary>
internal sealed record FakeJournalEntry(IReadOnlyList<(string Name, string Value)> Fields)
{
    /// <summary>The value of a field that stands once.</summary>
    public string this[string name] => Fields.Single(field => field.Name == name).Value;

    public bool Has(string name) => Fields.Any(field => field.Name == name);
}
