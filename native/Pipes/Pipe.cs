using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;
using Tmds.Linux;

namespace ThatDam.Native.Pipes;

/// <summary>Makes pipes: pipe2(2), pipe(7).</summary>
public static class Pipe
{
    /// <summary>
    /// A new pipe. Both ends are close-on-exec and blocking; each end can be made non-blocking for itself, since O_NONBLOCK belongs to
    /// the end and not to the pipe.
    /// </summary>
    /// <param name="capacity_bytes">
    /// How much it should hold. A wish: past /proc/sys/fs/pipe-max-size, or past what the user's pipes may hold together, the kernel's
    /// own choice stays. Read it back from <see cref="PipeWriteEnd.Capacity"/>.
    /// </param>
    /// <exception cref="NativeException">No descriptor is free (EMFILE, ENFILE).</exception>
    public static unsafe (PipeReadEnd Read, PipeWriteEnd Write) Create(int? capacity_bytes = null)
    {
        var ends = stackalloc int[2];
        if (LibC.pipe2(ends, LibC.O_CLOEXEC) < 0)
            throw NativeException.Last("pipe2", "a new pipe");
        var pipe = (Read: new PipeReadEnd(ends[0]), Write: new PipeWriteEnd(ends[1]));
        if (capacity_bytes is { } wish)
            _ = LibC.fcntl(ends[1], LibC.F_SETPIPE_SZ, wish); // EPERM, EBUSY: it keeps the size it has
        return pipe;
    }

    internal static int Capacity(Descriptor end)
    {
        using var lease = end.Lease();
        var bytes = LibC.fcntl(lease.Fd, LibC.F_GETPIPE_SZ);
        return bytes < 0 ? throw NativeException.Last("F_GETPIPE_SZ", "a pipe") : bytes;
    }

    internal static unsafe int Unread(Descriptor end)
    {
        using var lease = end.Lease();
        int bytes;
        return LibC.ioctl(lease.Fd, LibC.FIONREAD, &bytes) < 0 ? throw NativeException.Last("FIONREAD", "a pipe") : bytes;
    }

    internal static void SetNonBlocking(Descriptor end, bool value)
    {
        using var lease = end.Lease();
        var flags = LibC.fcntl(lease.Fd, LibC.F_GETFL);
        if (flags < 0)
            throw NativeException.Last("F_GETFL", "a pipe");
        flags = value ? flags | LibC.O_NONBLOCK : flags & ~LibC.O_NONBLOCK;
        if (LibC.fcntl(lease.Fd, LibC.F_SETFL, flags) < 0)
            throw NativeException.Last("F_SETFL", "a pipe");
    }
}
