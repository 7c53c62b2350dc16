using System.Runtime.InteropServices;
using ThatDam.Native.Errors;

namespace ThatDam.Native.V4L2.Raw;

[CHeader("linux/videodev2.h")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct v4l2_bt_timings
{
    public uint width;
    public uint height;
    public uint interlaced;
    public uint polarities;
    public ulong pixelclock;
    public uint hfrontporch;
    public uint hsync;
    public uint hbackporch;
    public uint vfrontporch;
    public uint vsync;
    public uint vbackporch;
    public uint il_vfrontporch;
    public uint il_vsync;
    public uint il_vbackporch;
    public uint standards;
    public uint flags;
    public v4l2_fract picture_aspect;
    public byte cea861_vic;
    public byte hdmi_vic;
    public fixed byte reserved[46];
}

[CHeader("linux/videodev2.h")]
[StructLayout(LayoutKind.Explicit, Pack = 1)]
internal unsafe struct v4l2_dv_timings
{
    [FieldOffset(0)]
    public uint type;

    [FieldOffset(4)]
    public v4l2_bt_timings bt;

    [FieldOffset(4)]
    public fixed uint reserved[32];
}

[CHeader("linux/videodev2.h")]
internal static class TimingsConstants
{
    public const uint V4L2_DV_BT_656_1120 = 0;
    public const uint V4L2_DV_INTERLACED = 1;
}
