using System.Text;
using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;
using Tmds.Linux;

namespace ThatDam.Native.Usb;

/// <summary>An open USB device node.</summary>
internal sealed class UsbDescriptor : Descriptor
{
    private UsbDescriptor(int fd)
        : base(fd)
    {
    }

    public static unsafe UsbDescriptor Open(string node)
    {
        var path = Encoding.UTF8.GetBytes(node + '\0');
        fixed (byte* name = path)
        {
            while (true)
            {
                var fd = LibC.open(name, LibC.O_RDWR | LibC.O_CLOEXEC | LibC.O_NONBLOCK | LibC.O_NOCTTY);
                if (fd >= 0)
                    return new UsbDescriptor(fd);
                if (LibC.errno != LibC.EINTR)
                    throw NativeException.Last("open", node);
            }
        }
    }
}
