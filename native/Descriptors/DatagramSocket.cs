using System.Runtime.InteropServices;
using System.Text;
using ThatDam.Native.Errors;
using Tmds.Linux;

namespace ThatDam.Native.Descriptors;

/// <summary>
/// Sends datagrams to one Unix socket (unix(7), SOCK_DGRAM): connected, so that a poll(2) for <see cref="PollEvents.Out"/> waits until the
/// receiver has room. Non-blocking, close-on-exec.
/// </summary>
public sealed unsafe class DatagramSocket : Descriptor
{
    private readonly string _path;

    private DatagramSocket(int fd, string path)
        : base(fd) => _path = path;

    /// <summary>A new socket whose datagrams go to the one bound at <paramref name="path"/>.</summary>
    /// <exception cref="NativeException">
    /// ENOENT: nothing is there. ECONNREFUSED: whoever bound it is gone. EACCES. ENAMETOOLONG: more than 107 bytes. EMFILE, ENFILE.
    /// </exception>
    public static DatagramSocket Connect(string path)
    {
        var name = Encoding.UTF8.GetBytes(path);
        var address = new sockaddr_un { sun_family = (ushort)LibC.AF_UNIX };
        if (name.Length >= sockaddr_un.sun_path_length)
            throw new NativeException("connect", path, Errno.ENAMETOOLONG);
        name.CopyTo(new Span<byte>(address.sun_path, sockaddr_un.sun_path_length));

        var fd = LibC.socket(LibC.AF_UNIX, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK, 0);
        if (fd < 0)
            throw NativeException.Last("socket", path);
        var socket = new DatagramSocket(fd, path);
        if (LibC.connect(fd, (sockaddr*)&address, (uint)sizeof(sockaddr_un)) == 0)
            return socket;
        var problem = NativeException.Last("connect", path);
        socket.Dispose();
        throw problem;
    }

    /// <summary>Sends one datagram.</summary>
    /// <returns>False when the receiver has no room now (EAGAIN): nothing was sent.</returns>
    /// <exception cref="NativeException">
    /// EMSGSIZE, ENOBUFS: it is too long for a datagram. ECONNREFUSED: the receiver is gone; connect anew.
    /// </exception>
    public bool TrySend(ReadOnlySpan<byte> datagram)
    {
        fixed (byte* bytes = datagram)
        {
            var part = new iovec { iov_base = bytes, iov_len = (size_t)(ulong)datagram.Length };
            var message = new msghdr { msg_iov = &part, msg_iovlen = 1 };
            return TrySend(&message);
        }
    }

    /// <summary>Sends a descriptor, in a datagram without a byte: SCM_RIGHTS. The receiver gets one of its own; this one stays ours to close.</summary>
    /// <returns>False when the receiver has no room now (EAGAIN): nothing was sent.</returns>
    /// <exception cref="NativeException">ECONNREFUSED: the receiver is gone; connect anew. ETOOMANYREFS: too many are on their way.</exception>
    public bool TrySend(Descriptor sent)
    {
        using var lease = sent.Lease();
        var control = new OneDescriptor
        {
            Header = new cmsghdr { cmsg_len = (uint)(sizeof(cmsghdr) + sizeof(int)), cmsg_level = LibC.SOL_SOCKET, cmsg_type = LibC.SCM_RIGHTS },
            Fd = lease.Fd,
        };
        var message = new msghdr { msg_control = &control, msg_controllen = (uint)sizeof(OneDescriptor) };
        return TrySend(&message);
    }

    private bool TrySend(msghdr* message)
    {
        using var lease = Lease();
        while ((long)LibC.sendmsg(lease.Fd, message, LibC.MSG_NOSIGNAL) < 0)
        {
            if (LibC.errno == LibC.EAGAIN)
                return false;
            if (LibC.errno != LibC.EINTR)
                throw NativeException.Last("sendmsg", _path);
        }
        return true;
    }

    // CMSG_SPACE(sizeof(int)): the header and what it carries, padded to its alignment.
    [StructLayout(LayoutKind.Sequential)]
    private struct OneDescriptor
    {
        public cmsghdr Header;
        public int Fd;
        private readonly int _padding;
    }
}
