using System.Runtime.InteropServices;
using ThatDam.Native.Errors;
using Tmds.Linux;

namespace ThatDam.Native.Users;

/// <summary>Who is at the other end of a Unix socket, as the kernel noted it when the connection was made (SO_PEERCRED; unix(7)).</summary>
/// <param name="Pid">Its process; 0 where that is not seen from here. It may have ended since, and its number be another's.</param>
/// <param name="Uid">Its effective user.</param>
/// <param name="Gid">Its effective group; the others are not told.</param>
public readonly record struct PeerCredentials(int Pid, uint Uid, uint Gid)
{
    /// <summary>Asks a connected stream socket, or one of a pair.</summary>
    /// <exception cref="NativeException">ENOTSOCK, EBADF: it is no socket.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public static unsafe PeerCredentials Of(SafeHandle socket)
    {
        var taken = false;
        try
        {
            socket.DangerousAddRef(ref taken);
            Ucred found;
            socklen_t length = (uint)sizeof(Ucred);
            return LibC.getsockopt((int)socket.DangerousGetHandle(), LibC.SOL_SOCKET, LibC.SO_PEERCRED, &found, &length) < 0
                ? throw NativeException.Last("SO_PEERCRED", "a socket")
                : new PeerCredentials(found.pid, found.uid, found.gid);
        }
        finally
        {
            if (taken)
                socket.DangerousRelease();
        }
    }
}

/// <summary>What SO_PEERCRED fills. Source: &lt;sys/socket.h&gt;.</summary>
[CHeader("sys/socket.h", Name = "struct ucred")]
[StructLayout(LayoutKind.Sequential)]
internal struct Ucred
{
    public int pid;
    public uint uid;
    public uint gid;
}
