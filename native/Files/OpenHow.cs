using ThatDam.Native.Errors;

namespace ThatDam.Native.Files;

/// <summary>How openat2(2) is to open. Source: &lt;linux/openat2.h&gt;.</summary>
[CHeader("linux/openat2.h", Name = "struct open_how")]
internal struct OpenHow
{
    public ulong flags;
    public ulong mode;
    public ulong resolve;
}

/// <summary>What openat2(2) refuses to walk through. Source: &lt;linux/openat2.h&gt;.</summary>
[CHeader("linux/openat2.h")]
internal static class Resolve
{
    public const ulong RESOLVE_NO_XDEV = 0x01;
    public const ulong RESOLVE_NO_MAGICLINKS = 0x02;
    public const ulong RESOLVE_NO_SYMLINKS = 0x04;
    public const ulong RESOLVE_BENEATH = 0x08;
}

/// <summary>The number of a call that libc has no function for.</summary>
[CHeader("sys/syscall.h")]
internal static class FileCalls
{
    public const int SYS_openat2 = 437;
}
