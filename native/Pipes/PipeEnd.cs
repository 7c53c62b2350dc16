using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;
using Tmds.Linux;

namespace ThatDam.Native.Pipes;

/// <summary>What either end of a pipe can be asked.</summary>
public abstract class PipeEnd : Descriptor
{
    private protected PipeEnd(int fd)
        : base(fd)
    {
    }

    /// <summary>How many bytes the pipe holds at most; fewer when pages in it are not full (F_GETPIPE_SZ).</summary>
    public int Capacity
    {
        get
        {
            using var lease = Lease();
            var bytes = LibC.fcntl(lease.Fd, LibC.F_GETPIPE_SZ);
            return bytes < 0 ? throw NativeException.Last("F_GETPIPE_SZ", "a pipe") : bytes;
        }
    }

    internal void AskCapacity(int bytes)
    {
        using var lease = Lease();
        _ = LibC.fcntl(lease.Fd, LibC.F_SETPIPE_SZ, bytes); // EPERM: past the limit; EBUSY: it holds more now. The old capacity stays.
    }

    /// <summary>How many bytes lie in the pipe, not read yet (FIONREAD).</summary>
    public unsafe int Unread()
    {
        using var lease = Lease();
        int bytes;
        return LibC.ioctl(lease.Fd, LibC.FIONREAD, &bytes) < 0 ? throw NativeException.Last("FIONREAD", "a pipe") : bytes;
    }

    /// <summary>Makes this end answer -1 instead of waiting. The other end keeps its own way: O_NONBLOCK belongs to an end, not to the pipe.</summary>
    public void SetNonBlocking(bool value)
    {
        using var lease = Lease();
        var flags = LibC.fcntl(lease.Fd, LibC.F_GETFL);
        if (flags < 0)
            throw NativeException.Last("F_GETFL", "a pipe");
        flags = value ? flags | LibC.O_NONBLOCK : flags & ~LibC.O_NONBLOCK;
        if (LibC.fcntl(lease.Fd, LibC.F_SETFL, flags) < 0)
            throw NativeException.Last("F_SETFL", "a pipe");
    }
}
