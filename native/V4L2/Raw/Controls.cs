using System.Runtime.InteropServices;
using ThatDam.Native.Errors;

namespace ThatDam.Native.V4L2.Raw;

[CHeader("linux/videodev2.h")]
internal struct v4l2_control
{
    public uint id;
    public int value;
}

[CHeader("linux/videodev2.h")]
internal unsafe struct v4l2_query_ext_ctrl
{
    public uint id;
    public uint type;
    public fixed byte name[32];
    public long minimum;
    public long maximum;
    public ulong step;
    public long default_value;
    public uint flags;
    public uint elem_size;
    public uint elems;
    public uint nr_of_dims;
    public fixed uint dims[4];
    public fixed uint reserved[32];
}

[CHeader("linux/videodev2.h")]
[StructLayout(LayoutKind.Explicit, Pack = 1)]
internal unsafe struct v4l2_querymenu
{
    [FieldOffset(0)]
    public uint id;

    [FieldOffset(4)]
    public uint index;

    [FieldOffset(8)]
    public fixed byte name[32];

    [FieldOffset(8)]
    public long value;

    [FieldOffset(40)]
    public uint reserved;
}

[CHeader("linux/videodev2.h")]
internal static class ControlConstants
{
    public const uint V4L2_CTRL_FLAG_NEXT_CTRL = 0x80000000;
    public const uint V4L2_CTRL_FLAG_NEXT_COMPOUND = 0x40000000;
    public const int V4L2_CTRL_MAX_DIMS = 4;
}
