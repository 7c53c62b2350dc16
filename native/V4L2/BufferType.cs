using ThatDam.Native.Errors;

namespace ThatDam.Native.V4L2;

/// <summary>Which of a node's queues a call means. Source: enum v4l2_buf_type.</summary>
[CHeader("linux/videodev2.h", Name = "V4L2_BUF_TYPE_")]
public enum BufferType : uint
{
    VideoCapture = 1,
    VideoOutput = 2,
    VideoCaptureMplane = 9,
    VideoOutputMplane = 10,
    MetaCapture = 13,
}

internal static class BufferTypes
{
    /// <summary>Its buffers and formats are described plane by plane (V4L2_TYPE_IS_MULTIPLANAR).</summary>
    public static bool IsMultiplanar(this BufferType type) => type is BufferType.VideoCaptureMplane or BufferType.VideoOutputMplane;
}
