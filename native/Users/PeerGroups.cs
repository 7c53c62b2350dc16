using System.Runtime.InteropServices;
using ThatDam.Native.Errors;
using Tmds.Linux;

namespace ThatDam.Native.Users;

/// <summary>The supplementary groups of who is at the other end of a Unix socket, as the kernel noted them when the connection was made (SO_PEERGROUPS, Linux 4.13).</summary>
public static class PeerGroups
{
    private const int PeerGroupsOption = 59; // SO_PEERGROUPS, <asm-generic/socket.h>
    private const int FirstCount = 32;
    private const int MostGroups = 65536; // NGROUPS_MAX

    /// <summary>Asks a connected stream socket. The effective group is not always among them: see <see cref="PeerCredentials.Gid"/>.</summary>
    /// <exception cref="NativeException">ENOTSOCK, EBADF: it is no socket. ENODATA: it has no peer.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public static unsafe uint[] Of(SafeHandle socket)
    {
        var taken = false;
        try
        {
            socket.DangerousAddRef(ref taken);
            for (var count = FirstCount; ; count *= 2)
            {
                var groups = new uint[count];
                socklen_t length = (uint)(count * sizeof(uint));
                fixed (uint* first = groups)
                {
                    if (LibC.getsockopt((int)socket.DangerousGetHandle(), LibC.SOL_SOCKET, PeerGroupsOption, first, &length) == 0)
                        return groups[..(int)((uint)length / sizeof(uint))];
                    // ERANGE: there are more.
                    if (LibC.errno != LibC.ERANGE || count > MostGroups)
                        throw NativeException.Last("SO_PEERGROUPS", "a socket");
                }
            }
        }
        finally
        {
            if (taken)
                socket.DangerousRelease();
        }
    }
}
