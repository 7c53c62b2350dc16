using System.Runtime.InteropServices;
using ThatDam.Native.Errors;

namespace ThatDam.Native.Users;

/// <summary>The number of a group: getgrnam_r(3). Asks whatever /etc/nsswitch.conf names, so it may take as long as a directory server does.</summary>
public static partial class GroupId
{
    private const int FirstSize = 1 << 12;

    /// <summary>The number of the group called <paramref name="name"/>; null when there is none.</summary>
    /// <exception cref="NativeException">The groups could not be looked up: EIO, EMFILE, ENFILE, ENOMEM; ERANGE: an entry beyond all measure.</exception>
    public static unsafe uint? Of(string name)
    {
        uint? number = null;
        NameService.Ask("getgrnam_r", name, FirstSize, (buffer, size) =>
        {
            GroupEntry entry;
            GroupEntry* found;
            var error = GetGrNam(name, &entry, buffer, size, &found);
            number = found == null ? null : found->gr_gid;
            return error;
        });
        return number;
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
