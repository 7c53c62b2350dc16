using ThatDam.Native.Errors;

namespace ThatDam.Native.V4L2;

/// <summary>One input of a device, such as a connector. Source: VIDIOC_ENUMINPUT, struct v4l2_input.</summary>
/// <param name="Index">The number by which it is chosen.</param>
/// <param name="Name">Its name, as it came.</param>
/// <param name="Type">What kind it is.</param>
/// <param name="Status">How its signal is; for DV inputs ask <see cref="VideoDevice.QueryDvTimings"/> too.</param>
/// <param name="Capabilities">What can be set on it.</param>
public sealed record VideoInput(uint Index, string Name, InputType Type, InputStatus Status, InputCapabilities Capabilities);

/// <summary>What kind of input it is; HDMI is <see cref="Camera"/> too. Source: V4L2_INPUT_TYPE_*.</summary>
[CHeader("linux/videodev2.h", Name = "V4L2_INPUT_TYPE_")]
public enum InputType : uint
{
    Tuner = 1,
    Camera = 2,
    Touch = 3,
}

/// <summary>How an input's signal is; <see cref="None"/> is well. Source: V4L2_IN_ST_*.</summary>
[Flags]
[CHeader("linux/videodev2.h", Name = "V4L2_IN_ST_")]
public enum InputStatus : uint
{
    None = 0,
    NoPower = 0x00000001,
    NoSignal = 0x00000002,
    NoColor = 0x00000004,
    Hflip = 0x00000010,
    Vflip = 0x00000020,
    NoHLock = 0x00000100,
    ColorKill = 0x00000200,
    NoVLock = 0x00000400,
    NoStdLock = 0x00000800,
    NoSync = 0x00010000,
    NoEqu = 0x00020000,
    NoCarrier = 0x00040000,
    Macrovision = 0x01000000,
    NoAccess = 0x02000000,
    Vtr = 0x04000000,
}

/// <summary>What can be set on an input. Source: V4L2_IN_CAP_*.</summary>
[Flags]
[CHeader("linux/videodev2.h", Name = "V4L2_IN_CAP_")]
public enum InputCapabilities : uint
{
    None = 0,
    DvTimings = 0x00000002,
    Std = 0x00000004,
    NativeSize = 0x00000008,
}
