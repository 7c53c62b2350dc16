using System.Runtime.InteropServices;
using ThatDam.Native.Errors;

namespace ThatDam.Native.V4L2.Raw;

[CHeader("linux/videodev2.h")]
internal struct v4l2_event_src_change
{
    public uint changes;
}

[CHeader("linux/videodev2.h")]
[StructLayout(LayoutKind.Explicit)]
internal struct v4l2_event_ctrl
{
    [FieldOffset(0)]
    public uint changes;

    [FieldOffset(4)]
    public uint type;

    [FieldOffset(8)]
    public int value;

    [FieldOffset(8)]
    public long value64;

    [FieldOffset(16)]
    public uint flags;

    [FieldOffset(20)]
    public int minimum;

    [FieldOffset(24)]
    public int maximum;

    [FieldOffset(28)]
    public int step;

    [FieldOffset(32)]
    public int default_value;
}

[CHeader("linux/videodev2.h")]
internal unsafe struct v4l2_event
{
    public uint type;
    public Union u;
    public uint pending;
    public uint sequence;
    public TimeSpecification timestamp;
    public uint id;
    public fixed uint reserved[8];

    [StructLayout(LayoutKind.Explicit)]
    internal struct Union
    {
        [FieldOffset(0)]
        public v4l2_event_ctrl ctrl;

        [FieldOffset(0)]
        public v4l2_event_src_change src_change;

        [FieldOffset(0)]
        public fixed byte data[64];
    }
}

[CHeader("linux/videodev2.h")]
internal unsafe struct v4l2_event_subscription
{
    public uint type;
    public uint id;
    public uint flags;
    public fixed uint reserved[5];
}
