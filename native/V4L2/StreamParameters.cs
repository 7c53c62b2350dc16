namespace ThatDam.Native.V4L2;

/// <summary>How often a queue delivers. Source: VIDIOC_G_PARM, struct v4l2_captureparm.</summary>
/// <param name="SupportsInterval">V4L2_CAP_TIMEPERFRAME: the interval can be set, and means something.</param>
/// <param name="Interval">Seconds per frame; 0/0 or meaningless without <paramref name="SupportsInterval"/>.</param>
/// <param name="ReadBuffers">Buffers the driver uses inside for read(2).</param>
public readonly record struct StreamParameters(bool SupportsInterval, Fraction Interval, uint ReadBuffers);
