using ThatDam.Native.Errors;

namespace ThatDam.Native.V4L2;

/// <summary>Something that happened to a device. Source: VIDIOC_DQEVENT, struct v4l2_event.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Id">The input of a source change, the control of a control's.</param>
/// <param name="Sequence">Counts events of this descriptor; a gap is a lost event.</param>
/// <param name="Pending">How many more are waiting.</param>
/// <param name="Timestamp_us">When: CLOCK_MONOTONIC, microseconds.</param>
/// <param name="SourceChanges">What of a source changed.</param>
/// <param name="Control">The control as it is now.</param>
public readonly record struct VideoEvent(
    VideoEventType Type, uint Id, uint Sequence, uint Pending, long Timestamp_us, SourceChanges SourceChanges, ControlChange Control);

/// <summary>A control as an event tells it. Source: struct v4l2_event_ctrl.</summary>
/// <param name="Changes">What of it changed.</param>
/// <param name="Type">What its value is.</param>
/// <param name="Value">Its value.</param>
/// <param name="Flags">How it may be used now.</param>
public readonly record struct ControlChange(ControlChanges Changes, ControlType Type, long Value, ControlFlags Flags);

/// <summary>What can happen to a device. Source: V4L2_EVENT_*.</summary>
[CHeader("linux/videodev2.h", Name = "V4L2_EVENT_")]
public enum VideoEventType : uint
{
    /// <summary>In a cancelled subscription: all types.</summary>
    All = 0,
    Vsync = 1,
    /// <summary>End of stream.</summary>
    Eos = 2,
    /// <summary>A control changed.</summary>
    Ctrl = 3,
    FrameSync = 4,
    /// <summary>The input's signal changed: query it and set the format anew.</summary>
    SourceChange = 5,
    MotionDet = 6,
}

/// <summary>What of a source changed. Source: V4L2_EVENT_SRC_CH_*.</summary>
[Flags]
[CHeader("linux/videodev2.h", Name = "V4L2_EVENT_SRC_CH_")]
public enum SourceChanges : uint
{
    None = 0,
    Resolution = 1 << 0,
}

/// <summary>What of a control changed. Source: V4L2_EVENT_CTRL_CH_*.</summary>
[Flags]
[CHeader("linux/videodev2.h", Name = "V4L2_EVENT_CTRL_CH_")]
public enum ControlChanges : uint
{
    None = 0,
    Value = 1 << 0,
    Flags = 1 << 1,
    Range = 1 << 2,
}

/// <summary>How events are delivered. Source: V4L2_EVENT_SUB_FL_*.</summary>
[Flags]
[CHeader("linux/videodev2.h", Name = "V4L2_EVENT_SUB_FL_")]
public enum SubscriptionOptions : uint
{
    None = 0,
    /// <summary>One event at once, with the state as it is.</summary>
    SendInitial = 1 << 0,
    /// <summary>Also for changes made through the same descriptor.</summary>
    AllowFeedback = 1 << 1,
}
