using ThatDam.Native.Errors;
using Tmds.Linux;

namespace ThatDam.Native.Usb;

/// <summary>A USB device by its own node, /dev/bus/usb/BBB/DDD; not the video node that a driver makes of it.</summary>
public static unsafe class UsbDevice
{
    // _IO('U', 20): no direction, no argument.
    [CHeader("linux/usbdevice_fs.h", Name = "USBDEVFS_RESET")]
    internal const uint ResetRequest = ('U' << 8) | 20;

    /// <summary>
    /// Resets the port that the device is at (USBDEVFS_RESET) and returns when that is done, some hundreds of milliseconds later. The drivers
    /// of all its interfaces either take it up again or are unbound and bound anew: then its video nodes go and come back, maybe under other
    /// numbers. The node's own number stays, unless the device answers as another than before.
    /// </summary>
    /// <param name="node">Such as <c>/dev/bus/usb/001/004</c>.</param>
    /// <exception cref="NativeException">
    /// EACCES, EPERM: the node may not be opened for writing, as in a unit whose DeviceAllow= lacks it. EROFS: /dev is mounted read-only here.
    /// ENOENT, ENODEV: no such device any more. ENOTTY: the path is no USB device. EIO, ETIMEDOUT and others: the device did not come back.
    /// </exception>
    public static void Reset(string node)
    {
        using var descriptor = UsbDescriptor.Open(node);
        using var lease = descriptor.Lease();
        while (LibC.ioctl(lease.Fd, (int)ResetRequest, null) < 0)
        {
            if (LibC.errno != LibC.EINTR)
                throw NativeException.Last("USBDEVFS_RESET", node);
        }
    }
}
