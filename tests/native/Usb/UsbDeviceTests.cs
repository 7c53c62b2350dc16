using ThatDam.Native.Errors;
using ThatDam.Native.Usb;

namespace ThatDam.Native.Tests.Usb;

public sealed class UsbDeviceTests
{
    [Fact]
    public void One_that_is_not_there_and_one_that_is_none_are_told_apart()
    {
        var absent = Assert.Throws<NativeException>(() => UsbDevice.Reset("/dev/bus/usb/099/099"));
        Assert.Equal(("open", "/dev/bus/usb/099/099", Errno.ENOENT), (absent.Call, absent.Target, absent.Errno));

        var other = Assert.Throws<NativeException>(() => UsbDevice.Reset("/dev/null"));
        Assert.Equal(("USBDEVFS_RESET", "/dev/null", Errno.ENOTTY), (other.Call, other.Target, other.Errno));
    }

    /// <summary>The hub that the controller itself is: the kernel knows the request, and refuses it for this device.</summary>
    [Fact]
    [Trait("bed", "guest")]
    public void The_kernel_knows_the_request()
    {
        const string Hub = "/dev/bus/usb/001/001";
        Assert.SkipUnless(File.Exists(Hub), $"no {Hub} here: the test bed has it");

        var refused = Assert.Throws<NativeException>(() => UsbDevice.Reset(Hub));

        Assert.Equal(("USBDEVFS_RESET", Errno.EISDIR), (refused.Call, refused.Errno));
    }
}
