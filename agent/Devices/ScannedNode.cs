namespace ThatDam.Agent.Devices;

/// <summary>
/// A video node from one plugging in to the next: what sysfs says of it, and what it answered. Guarded by the <see cref="DeviceScan"/>'s
/// lock, but for what never changes.
/// </summary>
/// <param name="sysfs">What sysfs says.</param>
/// <param name="mark">Its mark: another one is another node.</param>
/// <param name="path">Its path in /dev.</param>
internal sealed class ScannedNode(SysfsNode sysfs, string mark, string path)
{
    public string Name => sysfs.Name;

    public string Mark { get; } = mark;

    public string Path { get; } = path;

    public SysfsNode Sysfs => sysfs;

    public DeviceIdentity Identity { get; } = DeviceIdentity.Of(sysfs);

    /// <summary>Instances of one driver on one parent, which may be alike; else the node alone.</summary>
    public string Family { get; } = sysfs.Usb is null && sysfs.Parents.Count > 0 ? sysfs.Parents[0].Folder : sysfs.Name;

    public string StableId { get; set; } = "";

    /// <summary>What it answered last; null while it has not answered yet.</summary>
    public DeviceProbe? Answer { get; set; }

    /// <summary>When that was, by the time provider's timestamps.</summary>
    public long AnsweredAt { get; set; }

    /// <summary>What is asked of it now.</summary>
    public NodeQuestion? Asked { get; set; }

    /// <summary>What is asked next, when that is answered.</summary>
    public Task? Next { get; set; }

    /// <summary>The device; null while it has not answered yet.</summary>
    public Device? Device(DateTimeOffset seen) => Answer is not { } answer ? null : new Device
    {
        Node = Path,
        Kind = DeviceKind.V4L2,
        Role = answer.Role,
        Name = answer.Name ?? Sysfs.Label ?? Sysfs.Name,
        Driver = answer.Driver ?? Sysfs.Driver ?? "",
        Bus = answer.Bus ?? "",
        Serial = Sysfs.Usb?.Serial,
        StableId = StableId,
        IdentifiedBy = Identity.Words(StableId),
        Port = Identity.Port,
        UsbBus = Sysfs.Usb?.Bus,
        UsbNode = Sysfs.Usb?.Node,
        Multiplanar = answer.Multiplanar,
        Audio = Sysfs.Usb?.Audio ?? false,
        Modes = answer.Modes,
        Inputs = answer.Inputs,
        Problem = answer.Problem,
        Denied = answer.Denied,
        IsBeingRead = answer.IsBeingRead,
        LastSeen = seen,
    };
}

/// <summary>One opening of a node.</summary>
internal sealed class NodeQuestion
{
    /// <summary>Ends when it is answered, or given up.</summary>
    public required Task Done { get; init; }

    /// <summary>Whether the driver has not answered in time, and still has not.</summary>
    public bool IsSilent { get; set; }
}
