using System.Runtime.InteropServices;
using ThatDam.Native.Errors;

namespace ThatDam.Native.Users;

/// <summary>The number of a group: getgrnam_r(3). Asks whatever /etc/nsswitch.conf names, so it may take as long as a directory server does.</summary>
public static partial class GroupId
{
    private const int FirstSize = 1 << 12;
    private const int LastSize = 1 << 20;

    /// <summary>The number of the group called <paramref name="name"/>; null when there is none.</summary>
    /// <exception cref="NativeException">The groups could not be looked up: EIO, EMFILE, ENFILE, ENOMEM; ERANGE: an entry beyond all measure.</exception>
    public static unsafe uint? Of(string name)
    {
        for (var size = FirstSize; ; size *= 2)
        {
            var buffer = new byte[size];
            fixed (byte* text = buffer)
            {
                GroupEntry entry;
                GroupEntry* found;
                switch ((Errno)GetGrNam(name, &entry, text, (nuint)size, &found))
                {
                    case Errno.None:
                        return found == null ? null : found->gr_gid;
                    // getgrnam_r(3): other systems' words for "no such group".
                    case Errno.ENOENT or Errno.ESRCH or Errno.EBADF or Errno.EPERM:
                        return null;
                    case Errno.EINTR:
                        size /= 2;
                        break;
                    case Errno.ERANGE when size < LastSize:
                        break;
                    case var reason:
                        throw new NativeException("getgrnam_r", name, reason);
                }
            }
        }
    }

    // Returns the errno instead of setting it.
    [LibraryImport("libc", EntryPoint = "getgrnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int GetGrNam(string name, GroupEntry* entry, byte* buffer, nuint size, GroupEntry** found);
}

/// <summary>A group's entry; its texts lie in the buffer that getgrnam_r(3) was given. Source: &lt;grp.h&gt;.</summary>
[CHeader("grp.h", Name = "struct group")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct GroupEntry
{
    public byte* gr_name;
    public byte* gr_passwd;
    public uint gr_gid;
    public byte** gr_mem;
}
