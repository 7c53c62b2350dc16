using System.Runtime.InteropServices;
using ThatDam.Native.Errors;

namespace ThatDam.Native.Users;

/// <summary>
/// The name of a user: getpwuid_r(3). Asks whatever /etc/nsswitch.conf names, so it may take as long as a directory server does; the answer
/// is as trustworthy as those.
/// </summary>
public static partial class UserName
{
    private const int FirstSize = 1 << 10;

    /// <summary>The name of <paramref name="uid"/>; null when there is no such user.</summary>
    /// <exception cref="NativeException">The users could not be looked up: EIO, EMFILE, ENFILE, ENOMEM; ERANGE: an entry beyond all measure.</exception>
    public static string? Of(uint uid) => Of(uid, FirstSize);

    internal static unsafe string? Of(uint uid, int size)
    {
        string? name = null;
        NameService.Ask("getpwuid_r", $"uid {uid}", size, (buffer, length) =>
        {
            Passwd entry;
            Passwd* found;
            var error = GetPwUid(uid, &entry, buffer, length, &found);
            name = found == null ? null : Marshal.PtrToStringUTF8((nint)found->pw_name);
            return error;
        });
        return name;
    }

    // Returns the errno instead of setting it.
    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    private static unsafe partial int GetPwUid(uint uid, Passwd* entry, byte* buffer, nuint size, Passwd** found);
}

/// <summary>A user's entry; its texts lie in the buffer that getpwuid_r(3) was given. Source: &lt;pwd.h&gt;.</summary>
[CHeader("pwd.h", Name = "struct passwd")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Passwd
{
    public byte* pw_name;
    public byte* pw_passwd;
    public uint pw_uid;
    public uint pw_gid;
    public byte* pw_gecos;
    public byte* pw_dir;
    public byte* pw_shell;
}
