using ThatDam.Native.Errors;
using Tmds.Linux;

namespace ThatDam.Native.Pipes;

/// <summary>Makes pipes: pipe2(2), pipe(7).</summary>
public static class Pipe
{
    /// <summary>The most that an unprivileged process may ask for by default (/proc/sys/fs/pipe-max-size). Bytes.</summary>
    public const int UnprivilegedMaximumBytes = 1024 * 1024;

    /// <summary>A new pipe. Both ends are close-on-exec and block.</summary>
    /// <param name="capacity_bytes">
    /// How much it should hold; null leaves it to the kernel. A wish: past /proc/sys/fs/pipe-max-size the kernel's own choice stays, and
    /// a user whose pipes hold more than 16,384 pages together gets 8 KiB. Read it back from <see cref="PipeEnd.Capacity"/>.
    /// </param>
    /// <exception cref="NativeException">No descriptor is free (EMFILE, ENFILE).</exception>
    public static unsafe (PipeReadEnd Read, PipeWriteEnd Write) Create(int? capacity_bytes = null)
    {
        var ends = stackalloc int[2];
        if (LibC.pipe2(ends, LibC.O_CLOEXEC) < 0)
            throw NativeException.Last("pipe2", "a new pipe");
        var pipe = (Read: new PipeReadEnd(ends[0]), Write: new PipeWriteEnd(ends[1]));
        if (capacity_bytes is { } wish)
            pipe.Write.AskCapacity(wish);
        return pipe;
    }
}
