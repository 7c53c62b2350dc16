using ThatDam.Native.Errors;

namespace ThatDam.Native.V4L2;

/// <summary>One knob of a device, as it describes it. Source: VIDIOC_QUERY_EXT_CTRL, struct v4l2_query_ext_ctrl.</summary>
/// <param name="Id">Which it is.</param>
/// <param name="Type">What its value is.</param>
/// <param name="Name">Its name, as it came.</param>
/// <param name="Minimum">The least value.</param>
/// <param name="Maximum">The greatest value, or a bit mask's bits.</param>
/// <param name="Step">From one value to the next.</param>
/// <param name="Default">The driver's own value.</param>
/// <param name="Flags">How it may be used now.</param>
/// <param name="Elements">1, or how many values an array has.</param>
public sealed record VideoControl(
    ControlId Id, ControlType Type, string Name, long Minimum, long Maximum, ulong Step, long Default, ControlFlags Flags, uint Elements)
{
    /// <summary>VIDIOC_G_CTRL and VIDIOC_S_CTRL reach it: one value of up to 32 bits.</summary>
    public bool IsSimple => Elements == 1 && !Flags.HasFlag(ControlFlags.HasPayload)
        && Type is ControlType.Integer or ControlType.Boolean or ControlType.Menu or ControlType.IntegerMenu or ControlType.Button or ControlType.Bitmask;
}

/// <summary>One entry of a menu control. Source: VIDIOC_QUERYMENU, struct v4l2_querymenu.</summary>
/// <param name="Index">The control's value that chooses it.</param>
/// <param name="Name">Its name; for an integer menu its value in digits.</param>
/// <param name="Value">An integer menu's value; else <paramref name="Index"/>.</param>
public sealed record ControlMenuItem(uint Index, string Name, long Value);

/// <summary>Which control; those that this program asks for by name. Any other number will do. Source: V4L2_CID_*.</summary>
[CHeader("linux/v4l2-controls.h", Name = "V4L2_CID_")]
public enum ControlId : uint
{
    None = 0,
    Brightness = 0x00980900,
    Contrast = 0x00980901,
    Saturation = 0x00980902,
    MinBuffersForCapture = 0x00980927,
    /// <summary>A bit for each input connector on which a source is powered.</summary>
    DvRxPowerPresent = 0x00a00964,
}

/// <summary>What a control's value is. Source: enum v4l2_ctrl_type; those from 0x100 on are compound.</summary>
[CHeader("linux/videodev2.h", Name = "V4L2_CTRL_TYPE_")]
public enum ControlType : uint
{
    None = 0,
    Integer = 1,
    Boolean = 2,
    Menu = 3,
    Button = 4,
    Integer64 = 5,
    CtrlClass = 6,
    String = 7,
    Bitmask = 8,
    IntegerMenu = 9,
    U8 = 0x0100,
    U16 = 0x0101,
    U32 = 0x0102,
    Area = 0x0106,
}

/// <summary>How a control may be used. Source: V4L2_CTRL_FLAG_*.</summary>
[Flags]
[CHeader("linux/videodev2.h", Name = "V4L2_CTRL_FLAG_")]
public enum ControlFlags : uint
{
    None = 0,
    Disabled = 0x0001,
    Grabbed = 0x0002,
    ReadOnly = 0x0004,
    Update = 0x0008,
    Inactive = 0x0010,
    Slider = 0x0020,
    WriteOnly = 0x0040,
    Volatile = 0x0080,
    HasPayload = 0x0100,
    ExecuteOnWrite = 0x0200,
    ModifyLayout = 0x0400,
}
