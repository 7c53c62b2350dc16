using ThatDam.Native.Errors;

namespace ThatDam.Native.V4L2;

/// <summary>What a video node says of itself. Source: VIDIOC_QUERYCAP, struct v4l2_capability.</summary>
/// <param name="Driver">The driver's name, such as <c>uvcvideo</c>.</param>
/// <param name="Card">The device's name, as it came: may hold any character.</param>
/// <param name="BusInfo">Where it is plugged, such as <c>usb-0000:00:14.0-1</c>.</param>
/// <param name="Version">The kernel's version.</param>
/// <param name="DeviceCaps">What this very node can do: device_caps, or <paramref name="PhysicalCaps"/> where the driver gives none.</param>
/// <param name="PhysicalCaps">What all nodes of the device can do together; never filter on it.</param>
public sealed record DeviceCapability(
    string Driver, string Card, string BusInfo, Version Version, VideoCapabilities DeviceCaps, VideoCapabilities PhysicalCaps);

/// <summary>What a video node can do. Source: V4L2_CAP_* of &lt;linux/videodev2.h&gt;.</summary>
[Flags]
[CHeader("linux/videodev2.h", Name = "V4L2_CAP_")]
public enum VideoCapabilities : uint
{
    None = 0,
    VideoCapture = 0x00000001,
    VideoOutput = 0x00000002,
    VideoOverlay = 0x00000004,
    VbiCapture = 0x00000010,
    VbiOutput = 0x00000020,
    SlicedVbiCapture = 0x00000040,
    SlicedVbiOutput = 0x00000080,
    RdsCapture = 0x00000100,
    VideoOutputOverlay = 0x00000200,
    HwFreqSeek = 0x00000400,
    RdsOutput = 0x00000800,
    VideoCaptureMplane = 0x00001000,
    VideoOutputMplane = 0x00002000,
    [CHeader("linux/videodev2.h", Name = "V4L2_CAP_VIDEO_M2M_MPLANE")]
    VideoM2MMplane = 0x00004000,
    [CHeader("linux/videodev2.h", Name = "V4L2_CAP_VIDEO_M2M")]
    VideoM2M = 0x00008000,
    Tuner = 0x00010000,
    Audio = 0x00020000,
    Radio = 0x00040000,
    Modulator = 0x00080000,
    SdrCapture = 0x00100000,
    ExtPixFormat = 0x00200000,
    SdrOutput = 0x00400000,
    MetaCapture = 0x00800000,
    [CHeader("linux/videodev2.h", Name = "V4L2_CAP_READWRITE")]
    ReadWrite = 0x01000000,
    Streaming = 0x04000000,
    MetaOutput = 0x08000000,
    Touch = 0x10000000,
    IoMc = 0x20000000,
    DeviceCaps = 0x80000000,
}
