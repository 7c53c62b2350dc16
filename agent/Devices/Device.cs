using ThatDam.Contract;

namespace ThatDam.Agent.Devices;

/// <summary>One device as the last look at it found it. Immutable; a later look makes a new one.</summary>
public sealed record Device
{
    /// <summary>The node, <c>/dev/video0</c> or <c>virtual:0</c>.</summary>
    public required string Node { get; init; }

    /// <summary>How it is opened.</summary>
    public required DeviceKind Kind { get; init; }

    /// <summary>What it is for; only <see cref="DeviceRole.Capture"/> can be recorded.</summary>
    public required DeviceRole Role { get; init; }

    /// <summary>v4l2_capability.card, as it came: may hold any character.</summary>
    public required string Name { get; init; }

    /// <summary>The kernel driver.</summary>
    public required string Driver { get; init; }

    /// <summary>v4l2_capability.bus_info.</summary>
    public required string Bus { get; init; }

    /// <summary>The USB serial number, if it has one.</summary>
    public string? Serial { get; init; }

    /// <summary>Who it is, wherever it is plugged.</summary>
    public required string StableId { get; init; }

    /// <summary>Captures through the multi-planar API.</summary>
    public bool Multiplanar { get; init; }

    /// <summary>A microphone belongs to it.</summary>
    public bool Audio { get; init; }

    /// <summary>Every mode the driver describes, in its order.</summary>
    public IReadOnlyList<DeviceMode> Modes { get; init; } = [];

    /// <summary>Its inputs.</summary>
    public IReadOnlyList<DeviceInput> Inputs { get; init; } = [];

    /// <summary>Why it could not be read in full, with the remedy.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether the problem is that the daemon's user may not open it.</summary>
    public bool Denied { get; init; }

    /// <summary>Whether it came just now and has not said yet what it can do; its modes are then those of last time, or none. It cannot be used yet.</summary>
    public bool IsBeingRead { get; init; }

    /// <summary>Whether it is there; else it was, and is remembered.</summary>
    public bool Online { get; init; } = true;

    /// <summary>What its stable id rests on, in words.</summary>
    public string? IdentifiedBy { get; init; }

    /// <summary>The rule of the configuration that it matches; null for none.</summary>
    public CameraRule? Rule { get; init; }

    /// <summary>Which line of the configuration gave it its rule, and why that one, in words.</summary>
    public string? Matched { get; init; }

    /// <summary>The place as udev's ID_PATH names it, such as <c>pci-0000:00:14.0-usb-0:1.2:1.0</c>; null where it has none.</summary>
    public string? Port { get; init; }

    /// <summary>The root hub that it hangs on, such as <c>usb1</c>: cameras on one share its bandwidth. Null for what is no USB device.</summary>
    public string? UsbBus { get; init; }

    /// <summary>The node of the USB device, <c>/dev/bus/usb/001/004</c>, by which it can be reset. Null for what is no USB device.</summary>
    public string? UsbNode { get; init; }

    /// <summary>The name that the configuration gives it.</summary>
    public string? Alias => Rule?.Name;

    /// <summary>When it was last seen.</summary>
    public required DateTimeOffset LastSeen { get; init; }

    /// <summary>Whether another program feeds it (v4l2loopback): its modes are that program's, and change with it.</summary>
    public bool IsLoopback => Driver == LoopbackDriver;

    /// <summary>v4l2_capability.driver of v4l2loopback.</summary>
    internal const string LoopbackDriver = "v4l2 loopback";

    /// <summary>The node as part of a file name: <c>video0</c>, <c>virtual0</c>.</summary>
    public string ShortName => Node.StartsWith("/dev/", StringComparison.Ordinal) ? Node["/dev/".Length..].Replace('/', '-') : Node.Replace(":", "", StringComparison.Ordinal);

    /// <summary>Whether another look found the same; only <see cref="LastSeen"/> may differ.</summary>
    public bool IsSameAs(Device other) =>
        this == other with { LastSeen = LastSeen, Modes = Modes, Inputs = Inputs }
        && Inputs.SequenceEqual(other.Inputs)
        && ModeTable.Same(Modes, other.Modes);
}

/// <summary>How a device is opened.</summary>
public enum DeviceKind
{
    /// <summary>A kernel device.</summary>
    V4L2,

    /// <summary>A built-in virtual camera.</summary>
    Virtual,
}

/// <summary>What a video node is for, by its device_caps.</summary>
public enum DeviceRole
{
    Capture,
    Metadata,
    Output,
    M2M,
    Radio,
    Vbi,
    Sdr,
    Touch,
    Other,
}
