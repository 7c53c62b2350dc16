using System.Runtime.InteropServices;

namespace ThatDam.Native.Users;

/// <summary>The user as whom this process acts: geteuid(2).</summary>
public static partial class OwnUser
{
    /// <summary>Its number. Never fails.</summary>
    public static uint Id => GetEUid();

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEUid();
}
