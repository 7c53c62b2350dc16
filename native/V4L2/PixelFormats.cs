using ThatDam.Native.Errors;

namespace ThatDam.Native.V4L2;

/// <summary>The pixel formats that this program knows by name, under their C names. Source: V4L2_PIX_FMT_* of &lt;linux/videodev2.h&gt;.</summary>
[CHeader("linux/videodev2.h", Name = "V4L2_PIX_FMT_")]
public static class PixelFormats
{
    public static readonly Fourcc YUYV = Fourcc.Parse("YUYV");
    public static readonly Fourcc UYVY = Fourcc.Parse("UYVY");
    public static readonly Fourcc YVYU = Fourcc.Parse("YVYU");
    public static readonly Fourcc VYUY = Fourcc.Parse("VYUY");
    public static readonly Fourcc NV12 = Fourcc.Parse("NV12");
    public static readonly Fourcc NV21 = Fourcc.Parse("NV21");
    public static readonly Fourcc NV16 = Fourcc.Parse("NV16");
    public static readonly Fourcc NV12M = Fourcc.Parse("NM12");
    public static readonly Fourcc NV21M = Fourcc.Parse("NM21");
    public static readonly Fourcc YUV420 = Fourcc.Parse("YU12");
    public static readonly Fourcc YVU420 = Fourcc.Parse("YV12");
    public static readonly Fourcc YUV420M = Fourcc.Parse("YM12");
    public static readonly Fourcc YUV422P = Fourcc.Parse("422P");
    public static readonly Fourcc RGB24 = Fourcc.Parse("RGB3");
    public static readonly Fourcc BGR24 = Fourcc.Parse("BGR3");
    public static readonly Fourcc GREY = Fourcc.Parse("GREY");
    public static readonly Fourcc Y16 = Fourcc.Parse("Y16");
    public static readonly Fourcc Y16_BE = Fourcc.Parse("Y16 -BE");
    public static readonly Fourcc MJPEG = Fourcc.Parse("MJPG");
    public static readonly Fourcc JPEG = Fourcc.Parse("JPEG");
    public static readonly Fourcc H264 = Fourcc.Parse("H264");
    public static readonly Fourcc HEVC = Fourcc.Parse("HEVC");
}
