using ThatDam.Native.Errors;

namespace ThatDam.Native.V4L2.Raw;

// The structs of <linux/videodev2.h> under their C names, member for member; the layout test holds each against the header.

[CHeader("linux/videodev2.h")]
internal unsafe struct v4l2_capability
{
    public fixed byte driver[16];
    public fixed byte card[32];
    public fixed byte bus_info[32];
    public uint version;
    public uint capabilities;
    public uint device_caps;
    public fixed uint reserved[3];
}

[CHeader("linux/videodev2.h")]
internal unsafe struct v4l2_input
{
    public uint index;
    public fixed byte name[32];
    public uint type;
    public uint audioset;
    public uint tuner;
    public ulong std;
    public uint status;
    public uint capabilities;
    public fixed uint reserved[3];
}
