using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ThatDam.Native.Tests.Uevents;

/// <summary>
/// Sends device events as udevd, the kernel or an impostor would, in the network namespace of the thread that made it. Takes CAP_NET_ADMIN
/// to reach a group, CAP_SETUID to claim another user, CAP_SYS_ADMIN to speak through the kernel. Needs nothing of the program's own.
/// </summary>
internal sealed unsafe class UeventSender : IDisposable
{
    /// <summary>The mask of the kernel's group.</summary>
    public const uint KernelGroup = 1;

    /// <summary>The mask of udev's group.</summary>
    public const uint UdevGroup = 2;

    private const int Netlink = 16;
    private const int KobjectUevent = 15;
    private const int CloseOnExec = 0x80000;
    private const int Datagram = 2;
    private const int SolSocket = 1;
    private const int ScmCredentials = 2;

    private readonly int _fd = Checked(Socket(Netlink, Datagram | CloseOnExec, KobjectUevent), "socket");

    /// <summary>Whether this process may send to a group at all.</summary>
    public static bool IsAllowed
    {
        get
        {
            try
            {
                using var sender = new UeventSender();
                sender.Send([0], 1u << 31);
                return true;
            }
            catch (Win32Exception)
            {
                return false;
            }
        }
    }

    public void Dispose() => _ = Close(_fd);

    /// <summary>Sends bytes to all who listen to a group, from a process of this user. Never waits for them.</summary>
    public void Send(ReadOnlySpan<byte> message, uint group = UdevGroup) => Send(message, new Address { Family = Netlink, Groups = group }, null);

    /// <summary>The same, and claims to be of another user.</summary>
    public void SendAs(uint uid, ReadOnlySpan<byte> message, uint group = UdevGroup) =>
        Send(message, new Address { Family = Netlink, Groups = group }, new Credentials { Pid = Environment.ProcessId, Uid = uid, Gid = uid });

    /// <summary>Sends bytes past the groups, to one socket.</summary>
    public void SendTo(uint port, ReadOnlySpan<byte> message) => Send(message, new Address { Family = Netlink, Port = port }, null);

    /// <summary>
    /// Has the kernel say it: the event then comes from the kernel itself, as one of a driver's does, with a SEQNUM that it appends. Whoever
    /// listens in this network namespace hears it, udevd too.
    /// </summary>
    public void SendThroughKernel(string action, string devPath, string subsystem, params (string Key, string Value)[] more)
    {
        var text = Kernel(action, devPath, subsystem, null, more);
        var message = new byte[16 + text.Length]; // struct nlmsghdr
        BitConverter.TryWriteBytes(message, message.Length);
        BitConverter.TryWriteBytes(message.AsSpan(4), (ushort)16); // NLMSG_MIN_TYPE
        BitConverter.TryWriteBytes(message.AsSpan(6), (ushort)1); // NLM_F_REQUEST
        text.CopyTo(message, 16);
        Send(message, new Address { Family = Netlink }, null);
    }

    /// <summary>A message as the kernel words it; without a sequence there is no SEQNUM.</summary>
    public static byte[] Kernel(string action, string devPath, string subsystem, ulong? sequence, params (string Key, string Value)[] more) =>
        Encoding.UTF8.GetBytes($"{action}@{devPath}\0{Properties(action, devPath, subsystem, sequence, more)}");

    /// <summary>A message as udevd words it.</summary>
    public static byte[] Udev(string action, string devPath, string subsystem, ulong? sequence, params (string Key, string Value)[] more) =>
        Udev(Encoding.UTF8.GetBytes(Properties(action, devPath, subsystem, sequence, more)), subsystem);

    /// <summary>The same of properties in bytes, each ended by a NUL, and the subsystem that its header tells the filters.</summary>
    public static byte[] Udev(ReadOnlySpan<byte> properties, string subsystem)
    {
        var message = new byte[40 + properties.Length];
        "libudev\0"u8.CopyTo(message);
        BigEndian(message.AsSpan(8), 0xfeedcafe);
        BitConverter.TryWriteBytes(message.AsSpan(12), 40);
        BitConverter.TryWriteBytes(message.AsSpan(16), 40);
        BitConverter.TryWriteBytes(message.AsSpan(20), properties.Length);
        BigEndian(message.AsSpan(24), Murmur(Encoding.UTF8.GetBytes(subsystem)));
        properties.CopyTo(message.AsSpan(40));
        return message;
    }

    /// <summary>The port of another netlink socket.</summary>
    public static uint PortOf(SafeHandle socket)
    {
        Address address;
        var length = sizeof(Address);
        Checked(GetSockName((int)socket.DangerousGetHandle(), &address, &length), "getsockname");
        return address.Port;
    }

    private static string Properties(string action, string devPath, string subsystem, ulong? sequence, (string Key, string Value)[] more)
    {
        var text = new StringBuilder($"ACTION={action}\0DEVPATH={devPath}\0SUBSYSTEM={subsystem}\0");
        foreach (var (key, value) in more)
            text.Append(key).Append('=').Append(value).Append('\0');
        if (sequence is { } number)
            text.Append(CultureInfo.InvariantCulture, $"SEQNUM={number}\0");
        return text.ToString();
    }

    private static void BigEndian(Span<byte> into, uint value) => System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(into, value);

    // MurmurHash2, seed 0, as udevd computes it.
    private static uint Murmur(byte[] name)
    {
        const uint M = 0x5bd1e995;
        var h = (uint)name.Length;
        var i = 0;
        for (; name.Length - i >= 4; i += 4)
        {
            var k = BitConverter.ToUInt32(name, i) * M;
            k ^= k >> 24;
            h = (h * M) ^ (k * M);
        }

        var left = name.Length - i;
        if (left == 3)
            h ^= (uint)name[i + 2] << 16;
        if (left >= 2)
            h ^= (uint)name[i + 1] << 8;
        if (left >= 1)
            h = (h ^ name[i]) * M;
        h = (h ^ (h >> 13)) * M;
        return h ^ (h >> 15);
    }

    private void Send(ReadOnlySpan<byte> message, Address address, Credentials? claimed)
    {
        fixed (byte* bytes = message)
        {
            var part = new Part { Start = bytes, Length = (nuint)message.Length };
            var control = new Control { Length = (nuint)(16 + sizeof(Credentials)), Level = SolSocket, Type = ScmCredentials, Claimed = claimed.GetValueOrDefault() };
            var header = new Message { Name = &address, NameLength = (uint)sizeof(Address), Parts = &part, PartCount = 1 };
            if (claimed is not null)
            {
                header.Control = &control;
                header.ControlLength = (nuint)sizeof(Control);
            }

            Checked((int)SendMsg(_fd, &header, 0), "sendmsg");
        }
    }

    private static int Checked(int result, string call) =>
        result < 0 ? throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{call}: {Marshal.GetLastPInvokeErrorMessage()}") : result;

    [DllImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static extern int Socket(int family, int type, int protocol);

    [DllImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static extern nint SendMsg(int fd, Message* message, int flags);

    [DllImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    private static extern int GetSockName(int fd, Address* address, int* length);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int fd);

    [StructLayout(LayoutKind.Sequential)]
    private struct Address // struct sockaddr_nl
    {
        public ushort Family;
        public ushort Pad;
        public uint Port;
        public uint Groups;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Part // struct iovec
    {
        public byte* Start;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Message // struct msghdr
    {
        public Address* Name;
        public uint NameLength;
        public Part* Parts;
        public nuint PartCount;
        public Control* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Credentials // struct ucred
    {
        public int Pid;
        public uint Uid;
        public uint Gid;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Control // struct cmsghdr and what it carries, padded
    {
        public nuint Length;
        public int Level;
        public int Type;
        public Credentials Claimed;
        public int Pad;
    }
}
