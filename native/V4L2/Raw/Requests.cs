using System.Runtime.CompilerServices;
using ThatDam.Native.Errors;

namespace ThatDam.Native.V4L2.Raw;

/// <summary>
/// The ioctl request numbers, computed as &lt;asm-generic/ioctl.h&gt; does: direction, size of the argument, <c>'V'</c>, number. The size
/// of a struct is part of its request, so a struct laid out wrongly is ENOTTY and never a torn argument.
/// </summary>
[CHeader("linux/videodev2.h")]
internal static class Requests
{
    private const uint Write = 1;
    private const uint Read = 2;

    public static readonly uint VIDIOC_QUERYCAP = Number<v4l2_capability>(Read, 0);
    public static readonly uint VIDIOC_ENUM_FMT = Number<v4l2_fmtdesc>(Read | Write, 2);
    public static readonly uint VIDIOC_G_FMT = Number<v4l2_format>(Read | Write, 4);
    public static readonly uint VIDIOC_S_FMT = Number<v4l2_format>(Read | Write, 5);
    public static readonly uint VIDIOC_REQBUFS = Number<v4l2_requestbuffers>(Read | Write, 8);
    public static readonly uint VIDIOC_QUERYBUF = Number<v4l2_buffer>(Read | Write, 9);
    public static readonly uint VIDIOC_QBUF = Number<v4l2_buffer>(Read | Write, 15);
    public static readonly uint VIDIOC_EXPBUF = Number<v4l2_exportbuffer>(Read | Write, 16);
    public static readonly uint VIDIOC_DQBUF = Number<v4l2_buffer>(Read | Write, 17);
    public static readonly uint VIDIOC_STREAMON = Number<int>(Write, 18);
    public static readonly uint VIDIOC_STREAMOFF = Number<int>(Write, 19);
    public static readonly uint VIDIOC_G_PARM = Number<v4l2_streamparm>(Read | Write, 21);
    public static readonly uint VIDIOC_S_PARM = Number<v4l2_streamparm>(Read | Write, 22);
    public static readonly uint VIDIOC_ENUMINPUT = Number<v4l2_input>(Read | Write, 26);
    public static readonly uint VIDIOC_G_CTRL = Number<v4l2_control>(Read | Write, 27);
    public static readonly uint VIDIOC_S_CTRL = Number<v4l2_control>(Read | Write, 28);
    public static readonly uint VIDIOC_QUERYMENU = Number<v4l2_querymenu>(Read | Write, 37);
    public static readonly uint VIDIOC_G_INPUT = Number<int>(Read, 38);
    public static readonly uint VIDIOC_S_INPUT = Number<int>(Read | Write, 39);
    public static readonly uint VIDIOC_TRY_FMT = Number<v4l2_format>(Read | Write, 64);
    public static readonly uint VIDIOC_ENUM_FRAMESIZES = Number<v4l2_frmsizeenum>(Read | Write, 74);
    public static readonly uint VIDIOC_ENUM_FRAMEINTERVALS = Number<v4l2_frmivalenum>(Read | Write, 75);
    public static readonly uint VIDIOC_S_DV_TIMINGS = Number<v4l2_dv_timings>(Read | Write, 87);
    public static readonly uint VIDIOC_G_DV_TIMINGS = Number<v4l2_dv_timings>(Read | Write, 88);
    public static readonly uint VIDIOC_DQEVENT = Number<v4l2_event>(Read, 89);
    public static readonly uint VIDIOC_SUBSCRIBE_EVENT = Number<v4l2_event_subscription>(Write, 90);
    public static readonly uint VIDIOC_UNSUBSCRIBE_EVENT = Number<v4l2_event_subscription>(Write, 91);
    public static readonly uint VIDIOC_QUERY_DV_TIMINGS = Number<v4l2_dv_timings>(Read, 99);
    public static readonly uint VIDIOC_QUERY_EXT_CTRL = Number<v4l2_query_ext_ctrl>(Read | Write, 103);

    private static uint Number<T>(uint direction, uint number)
        where T : unmanaged => direction << 30 | (uint)Unsafe.SizeOf<T>() << 16 | (uint)'V' << 8 | number;
}
