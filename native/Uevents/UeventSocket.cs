using System.Runtime.InteropServices;
using System.Text;
using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;
using ThatDam.Native.Users;
using Tmds.Linux;

namespace ThatDam.Native.Uevents;

/// <summary>
/// Listens to what happens to devices (netlink(7), NETLINK_KOBJECT_UEVENT): non-blocking, close-on-exec. Needs no rights. Readable for a
/// poll(2) when a message waits; in <see cref="PollEvents.Error"/> when messages were lost: <see cref="Receive"/> then says so and clears it.
/// Receiving is for one thread.
/// </summary>
public sealed unsafe class UeventSocket : Descriptor
{
    // What udevd asks for. A limit, not memory taken.
    private const int WantedBuffer = 128 << 20;

    private readonly byte[][] _subsystems;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(UeventMessage.MaxLength);

    private UeventSocket(int fd, UeventSource source, byte[][] subsystems)
        : base(fd)
    {
        Source = source;
        _subsystems = subsystems;
    }

    /// <summary>Whom it listens to.</summary>
    public UeventSource Source { get; }

    /// <summary>
    /// How much may wait, in bytes as the kernel counts them: some 256 messages fit in 212,992. Without CAP_NET_ADMIN it is no more than twice
    /// what net.core.rmem_max allows.
    /// </summary>
    public int ReceiveBufferBytes { get; private set; }

    /// <summary>Starts to listen: whatever happens after this call is either received or reported as <see cref="UeventReceipt.Overrun"/>.</summary>
    /// <param name="source">Whom to listen to.</param>
    /// <param name="subsystems">Of which devices, such as <c>video4linux</c>; none means of all.</param>
    /// <exception cref="ArgumentException">A subsystem without a name, or a source that is none.</exception>
    /// <exception cref="NativeException">
    /// EPROTONOSUPPORT, EAFNOSUPPORT: this kernel has none, or the unit's RestrictAddressFamilies= lacks AF_NETLINK. EMFILE, ENFILE.
    /// </exception>
    public static UeventSocket Open(UeventSource source, params ReadOnlySpan<string> subsystems)
    {
        if (source is not (UeventSource.Kernel or UeventSource.Udev))
            throw new ArgumentException("neither the kernel nor udev", nameof(source));
        var names = Names(subsystems);
        var fd = LibC.socket(LibC.AF_NETLINK, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK, Netlink.KobjectUevent);
        if (fd < 0)
            throw NativeException.Last("socket", Describe(source));
        var socket = new UeventSocket(fd, source, names);
        try
        {
            // All before the bind, so that no message comes in that was not filtered or bears no credentials.
            if (source == UeventSource.Udev && names.Length > 0)
                socket.Attach(UeventFilter.For(names));
            socket.Set(LibC.SO_PASSCRED, 1, "SO_PASSCRED");
            socket.RaiseReceiveBuffer();
            socket.Bind();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Listens on a socket that was made elsewhere: systemd's, of a unit with <c>ListenNetlink=kobject-uevent 2</c> (systemd.socket(5)), whose
    /// receive buffer may be larger than this process could ask for. It must be bound to udev's group and pass credentials
    /// (<c>PassCredentials=</c>); a message without them is refused.
    /// </summary>
    /// <param name="passed">The descriptor; owned from here on.</param>
    /// <param name="subsystems">Of which devices; none means of all.</param>
    /// <exception cref="NativeException">ENOTSOCK: it is no socket.</exception>
    public static UeventSocket Adopt(PassedDescriptor passed, params ReadOnlySpan<string> subsystems)
    {
        var socket = new UeventSocket(passed.Release(), UeventSource.Udev, Names(subsystems));
        try
        {
            if (socket._subsystems.Length > 0)
                socket.Attach(UeventFilter.For(socket._subsystems));
            socket.Set(LibC.SO_PASSCRED, 1, "SO_PASSCRED");
            socket.ReceiveBufferBytes = socket.ReceiveBuffer();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static byte[][] Names(ReadOnlySpan<string> subsystems)
    {
        var names = new byte[subsystems.Length][];
        for (var i = 0; i < names.Length; i++)
        {
            ArgumentException.ThrowIfNullOrEmpty(subsystems[i], nameof(subsystems));
            names[i] = Encoding.UTF8.GetBytes(subsystems[i]);
        }

        return names;
    }

    /// <summary>
    /// Takes the next message, without waiting. It is believed only when the kernel vouches for its sender: for <see cref="UeventSource.Kernel"/>
    /// the kernel itself; for <see cref="UeventSource.Udev"/> a process of root's; for both, sent to this very group.
    /// </summary>
    /// <param name="uevent">With <see cref="UeventReceipt.Message"/>: what it says.</param>
    /// <param name="reason">With <see cref="UeventReceipt.Refused"/>: why, in words for a log; never anything out of the message.</param>
    /// <exception cref="NativeException">ENOMEM. The socket goes on.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public UeventReceipt Receive(out Uevent? uevent, out string? reason)
    {
        uevent = null;
        reason = null;
        sockaddr_nl sender = default;
        Credentials control = default;
        msghdr message;
        long length;
        fixed (byte* bytes = _buffer)
        {
            var part = new iovec { iov_base = bytes, iov_len = (size_t)(ulong)_buffer.Length };
            using var lease = Lease();
            do
            {
                message = new msghdr
                {
                    msg_name = &sender,
                    msg_namelen = (uint)sizeof(sockaddr_nl),
                    msg_iov = &part,
                    msg_iovlen = 1,
                    msg_control = &control,
                    msg_controllen = (uint)sizeof(Credentials),
                };
                length = (long)LibC.recvmsg(lease.Fd, &message, LibC.MSG_DONTWAIT | LibC.MSG_CMSG_CLOEXEC);
            }
            while (length < 0 && LibC.errno == LibC.EINTR);
        }

        if (length < 0)
        {
            return (Errno)LibC.errno switch
            {
                Errno.EAGAIN => UeventReceipt.Empty,
                Errno.ENOBUFS => UeventReceipt.Overrun,
                _ => throw NativeException.Last("recvmsg", Describe(Source)),
            };
        }

        reason = Distrust(message, sender, control);
        if (reason is not null || !UeventFields.TryRead(_buffer.AsSpan(0, (int)length), Source, out var fields, out reason))
            return UeventReceipt.Refused;
        if (!IsWanted(fields.Subsystem))
            return UeventReceipt.Other;
        uevent = fields.ToUevent();
        return UeventReceipt.Message;
    }

    private string? Distrust(in msghdr message, in sockaddr_nl sender, in Credentials control)
    {
        if ((message.msg_flags & LibC.MSG_TRUNC) != 0)
            return "it is too long";
        if ((message.msg_flags & LibC.MSG_CTRUNC) != 0)
            return "its credentials are cut off";
        if ((uint)message.msg_namelen != sizeof(sockaddr_nl) || sender.nl_family != LibC.AF_NETLINK)
            return "its sender has no netlink address";
        if (sender.nl_groups != Group(Source))
            return "it was not sent to this group";
        if (Source == UeventSource.Kernel && sender.nl_pid != 0)
            return "it was not sent by the kernel";
        if ((ulong)message.msg_controllen < Credentials.Length || (ulong)control.Header.cmsg_len != Credentials.Length
            || control.Header.cmsg_level != LibC.SOL_SOCKET || control.Header.cmsg_type != LibC.SCM_CREDENTIALS)
            return "it bears no credentials";
        return control.Sender.uid == 0 ? null : "it was not sent by root";
    }

    private bool IsWanted(ReadOnlySpan<byte> subsystem)
    {
        foreach (var wanted in _subsystems)
        {
            if (subsystem.SequenceEqual(wanted))
                return true;
        }

        return _subsystems.Length == 0;
    }

    private void Attach(sock_filter[] program)
    {
        fixed (sock_filter* instructions = program)
        {
            var filter = new sock_fprog { len = (ushort)program.Length, filter = instructions };
            using var lease = Lease();
            if (LibC.setsockopt(lease.Fd, LibC.SOL_SOCKET, LibC.SO_ATTACH_FILTER, &filter, (uint)sizeof(sock_fprog)) < 0)
                throw NativeException.Last("SO_ATTACH_FILTER", Describe(Source));
        }
    }

    private void RaiseReceiveBuffer()
    {
        using var lease = Lease();
        var wanted = WantedBuffer;
        // EPERM without CAP_NET_ADMIN; the other one takes what rmem_max allows.
        if (LibC.setsockopt(lease.Fd, LibC.SOL_SOCKET, LibC.SO_RCVBUFFORCE, &wanted, sizeof(int)) < 0)
            Set(LibC.SO_RCVBUF, wanted, "SO_RCVBUF");
        ReceiveBufferBytes = ReceiveBuffer();
    }

    private int ReceiveBuffer()
    {
        using var lease = Lease();
        int found;
        socklen_t size = sizeof(int);
        return LibC.getsockopt(lease.Fd, LibC.SOL_SOCKET, LibC.SO_RCVBUF, &found, &size) < 0
            ? throw NativeException.Last("SO_RCVBUF", Describe(Source))
            : found;
    }

    private void Bind()
    {
        var address = new sockaddr_nl { nl_family = (ushort)LibC.AF_NETLINK, nl_groups = Group(Source) };
        using var lease = Lease();
        if (LibC.bind(lease.Fd, (sockaddr*)&address, (uint)sizeof(sockaddr_nl)) < 0)
            throw NativeException.Last("bind", Describe(Source));
    }

    private void Set(int option, int value, string name)
    {
        using var lease = Lease();
        if (LibC.setsockopt(lease.Fd, LibC.SOL_SOCKET, option, &value, sizeof(int)) < 0)
            throw NativeException.Last(name, Describe(Source));
    }

    // The groups of one to 32 are bits of a mask.
    private static uint Group(UeventSource source) => 1u << ((int)source - 1);

    private static string Describe(UeventSource source) => source == UeventSource.Udev ? "udev's events" : "the kernel's device events";

    // CMSG_SPACE(sizeof(struct ucred)): the header and what it carries, padded to its alignment.
    [StructLayout(LayoutKind.Sequential)]
    private struct Credentials
    {
        public cmsghdr Header;
        public Ucred Sender;
        private readonly int _padding;

        public static ulong Length => (ulong)(sizeof(cmsghdr) + sizeof(Ucred));
    }
}
