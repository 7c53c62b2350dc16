using ThatDam.Native.Errors;
using ThatDam.Native.Files;
using Tmds.Linux;

namespace ThatDam.Native.Pipes;

/// <summary>The end of a pipe that is read from. Closing the last one makes every write fail with EPIPE.</summary>
public sealed class PipeReadEnd : PipeEnd
{
    internal PipeReadEnd(int fd)
        : base(fd)
    {
    }

    /// <summary>Reads what is there: read(2).</summary>
    /// <returns>How many bytes; 0 at the end of the stream; -1 when there is nothing and this end is non-blocking.</returns>
    public unsafe long TryRead(Span<byte> into)
    {
        using var lease = Lease();
        fixed (byte* address = into)
        {
            while (true)
            {
                long got = LibC.read(lease.Fd, address, (size_t)(ulong)into.Length);
                if (got >= 0)
                    return got;
                if (LibC.errno == LibC.EAGAIN)
                    return -1;
                if (LibC.errno != LibC.EINTR)
                    throw NativeException.Last("read", "a pipe");
            }
        }
    }

    /// <summary>
    /// Moves what is in the pipe to a file at its position, without a copy into this process: splice(2) with SPLICE_F_MOVE and
    /// SPLICE_F_NONBLOCK.
    /// </summary>
    /// <param name="to">The file; not one opened with O_APPEND.</param>
    /// <param name="max">Bytes at most.</param>
    /// <returns>How many bytes; 0 at the end of the stream; -1 when the pipe is empty, whether or not this end blocks.</returns>
    /// <exception cref="NativeException">What writing the file gives: ENOSPC, EDQUOT, EIO, EFBIG. The bytes not moved stay in the pipe.</exception>
    public unsafe long TrySplice(FileDescriptor to, long max)
    {
        using var lease = Lease();
        using var target = to.Lease();
        while (true)
        {
            long moved = LibC.splice(
                lease.Fd, null, target.Fd, null, (size_t)(ulong)max, (uint)(LibC.SPLICE_F_MOVE | LibC.SPLICE_F_NONBLOCK));
            if (moved >= 0)
                return moved;
            if (LibC.errno == LibC.EAGAIN)
                return -1;
            if (LibC.errno != LibC.EINTR)
                throw NativeException.Last("splice", to.Name);
        }
    }
}
