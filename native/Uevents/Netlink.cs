using System.Runtime.InteropServices;
using ThatDam.Native.Errors;

namespace ThatDam.Native.Uevents;

/// <summary>The families of netlink that this program speaks. Source: &lt;linux/netlink.h&gt;.</summary>
[CHeader("linux/netlink.h", Name = "NETLINK_")]
internal static class Netlink
{
    public const int KobjectUevent = 15;
}

/// <summary>An address of netlink: who (0 is the kernel), and the mask of the groups. Source: &lt;linux/netlink.h&gt;.</summary>
[CHeader("linux/netlink.h", Name = "struct sockaddr_nl")]
[StructLayout(LayoutKind.Sequential)]
internal struct sockaddr_nl
{
    public ushort nl_family;
    public ushort nl_pad;
    public uint nl_pid;
    public uint nl_groups;
}
