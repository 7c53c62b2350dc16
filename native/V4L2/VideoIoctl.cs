using ThatDam.Native.Errors;
using Tmds.Linux;

namespace ThatDam.Native.V4L2;

/// <summary>The one place where ioctl(2) is called on a video node, and EINTR retried.</summary>
internal static class VideoIoctl
{
    /// <summary>Calls once, and again after a signal. Returns <see cref="Errno.None"/> or the kernel's reason; never throws.</summary>
    public static unsafe Errno Call<T>(int fd, uint request, ref T argument)
        where T : unmanaged
    {
        fixed (T* pointer = &argument)
        {
            while (LibC.ioctl(fd, unchecked((int)request), pointer) < 0)
            {
                var errno = (Errno)LibC.errno;
                if (errno != Errno.EINTR)
                    return errno;
            }
        }

        return Errno.None;
    }
}
