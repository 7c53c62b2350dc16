using System.Runtime.InteropServices.Marshalling;
using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;
using Tmds.Linux;

namespace ThatDam.Native.V4L2;

/// <summary>An open video node. Readable when a buffer can be dequeued, <see cref="PollEvents.Priority"/> when an event waits.</summary>
public sealed class VideoDescriptor : Descriptor
{
    private VideoDescriptor(int fd)
        : base(fd)
    {
    }

    /// <summary>Opens a node for reading and writing, non-blocking, close-on-exec: open(2).</summary>
    /// <exception cref="NativeException">ENOENT, EACCES; EBUSY: the driver allows one opener; ENODEV: unplugged.</exception>
    internal static unsafe VideoDescriptor Open(string path)
    {
        var name = Utf8StringMarshaller.ConvertToUnmanaged(path);
        try
        {
            while (true)
            {
                var fd = LibC.open(name, LibC.O_RDWR | LibC.O_NONBLOCK | LibC.O_CLOEXEC);
                if (fd >= 0)
                    return new VideoDescriptor(fd);
                if (LibC.errno != LibC.EINTR)
                    throw NativeException.Last("open", path);
            }
        }
        finally
        {
            Utf8StringMarshaller.Free(name);
        }
    }
}

/// <summary>A video buffer that other devices and processes can map. Source: VIDIOC_EXPBUF.</summary>
public sealed class DmaBufDescriptor : Descriptor
{
    internal DmaBufDescriptor(int fd)
        : base(fd)
    {
    }
}
