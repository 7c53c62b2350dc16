namespace ThatDam.Native.Uevents;

/// <summary>Who speaks: the multicast group of NETLINK_KOBJECT_UEVENT, and with it the form of the messages.</summary>
public enum UeventSource
{
    /// <summary>The kernel itself: a node may not be in /dev yet, nor have its rights. For machines where no udevd runs.</summary>
    Kernel = 1,

    /// <summary>udevd, when it has done with the device: the node, its rights and links, and the ID_… properties are there.</summary>
    Udev = 2,
}
