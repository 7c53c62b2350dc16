using System.Runtime.InteropServices;
using ThatDam.Native.Errors;

namespace ThatDam.Native.V4L2.Raw;

[CHeader("linux/videodev2.h")]
internal struct v4l2_fract
{
    public uint numerator;
    public uint denominator;
}

[CHeader("linux/videodev2.h")]
internal struct v4l2_frmsize_discrete
{
    public uint width;
    public uint height;
}

[CHeader("linux/videodev2.h")]
internal struct v4l2_frmsize_stepwise
{
    public uint min_width;
    public uint max_width;
    public uint step_width;
    public uint min_height;
    public uint max_height;
    public uint step_height;
}

[CHeader("linux/videodev2.h")]
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct v4l2_frmsizeenum
{
    [FieldOffset(0)]
    public uint index;

    [FieldOffset(4)]
    public uint pixel_format;

    [FieldOffset(8)]
    public uint type;

    [FieldOffset(12)]
    public v4l2_frmsize_discrete discrete;

    [FieldOffset(12)]
    public v4l2_frmsize_stepwise stepwise;

    [FieldOffset(36)]
    public fixed uint reserved[2];
}

[CHeader("linux/videodev2.h")]
internal struct v4l2_frmival_stepwise
{
    public v4l2_fract min;
    public v4l2_fract max;
    public v4l2_fract step;
}

[CHeader("linux/videodev2.h")]
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct v4l2_frmivalenum
{
    [FieldOffset(0)]
    public uint index;

    [FieldOffset(4)]
    public uint pixel_format;

    [FieldOffset(8)]
    public uint width;

    [FieldOffset(12)]
    public uint height;

    [FieldOffset(16)]
    public uint type;

    [FieldOffset(20)]
    public v4l2_fract discrete;

    [FieldOffset(20)]
    public v4l2_frmival_stepwise stepwise;

    [FieldOffset(44)]
    public fixed uint reserved[2];
}

/// <summary>enum v4l2_frmsizetypes; v4l2_frmivaltypes has the same values.</summary>
[CHeader("linux/videodev2.h", Name = "V4L2_FRMSIZE_TYPE_")]
internal enum FrameSizeType : uint
{
    Discrete = 1,
    Continuous = 2,
    Stepwise = 3,
}

/// <summary>enum v4l2_frmivaltypes.</summary>
[CHeader("linux/videodev2.h", Name = "V4L2_FRMIVAL_TYPE_")]
internal enum FrameIntervalType : uint
{
    Discrete = 1,
    Continuous = 2,
    Stepwise = 3,
}

[CHeader("linux/videodev2.h")]
internal unsafe struct v4l2_captureparm
{
    public uint capability;
    public uint capturemode;
    public v4l2_fract timeperframe;
    public uint extendedmode;
    public uint readbuffers;
    public fixed uint reserved[4];
}

[CHeader("linux/videodev2.h")]
internal struct v4l2_streamparm
{
    public uint type;
    public Union parm;

    [StructLayout(LayoutKind.Explicit)]
    internal unsafe struct Union
    {
        [FieldOffset(0)]
        public v4l2_captureparm capture;

        [FieldOffset(0)]
        public fixed byte raw_data[200];
    }
}

[CHeader("linux/videodev2.h")]
internal static class ParameterConstants
{
    public const uint V4L2_CAP_TIMEPERFRAME = 0x1000;
}
