using ThatDam.Native.Errors;

namespace ThatDam.Native.V4L2;

/// <summary>One pixel format that a device offers. Source: VIDIOC_ENUM_FMT, struct v4l2_fmtdesc.</summary>
/// <param name="Format">Its name.</param>
/// <param name="Description">Its name in words.</param>
/// <param name="Flags">What it is.</param>
public readonly record struct PixelFormatDescription(Fourcc Format, string Description, PixelFormatFlags Flags);

/// <summary>What a pixel format is. Source: V4L2_FMT_FLAG_* of &lt;linux/videodev2.h&gt;.</summary>
[Flags]
[CHeader("linux/videodev2.h", Name = "V4L2_FMT_FLAG_")]
public enum PixelFormatFlags : uint
{
    None = 0,
    Compressed = 0x0001,
    /// <summary>Converted in user space by libv4l; the kernel itself never sets it.</summary>
    Emulated = 0x0002,
    [CHeader("linux/videodev2.h", Name = "V4L2_FMT_FLAG_CONTINUOUS_BYTESTREAM")]
    ContinuousByteStream = 0x0004,
    DynResolution = 0x0008,
}
