using ThatDam.Native.Errors;
using Tmds.Linux;

namespace ThatDam.Native.Pipes;

/// <summary>The end of a pipe that is written to. Closing the last one gives the reader its end of stream.</summary>
public sealed class PipeWriteEnd : PipeEnd
{
    internal PipeWriteEnd(int fd)
        : base(fd)
    {
    }

    /// <summary>Copies bytes into the pipe: write(2).</summary>
    /// <returns>How many it took; -1 when the pipe is full and this end non-blocking.</returns>
    /// <exception cref="NativeException">EPIPE: the reader is gone. EFAULT: the memory cannot be read.</exception>
    public unsafe long TryWrite(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* address = bytes)
            return TryWrite((nint)address, bytes.Length);
    }

    /// <inheritdoc cref="TryWrite(ReadOnlySpan{byte})"/>
    public unsafe long TryWrite(nint address, nint count)
    {
        using var lease = Lease();
        while (true)
        {
            long taken = LibC.write(lease.Fd, (void*)address, (size_t)(ulong)count);
            if (taken >= 0)
                return taken;
            if (LibC.errno == LibC.EAGAIN)
                return -1;
            if (LibC.errno != LibC.EINTR)
                throw NativeException.Last("write", "a pipe");
        }
    }

    /// <summary>
    /// Puts the pages themselves into the pipe, without a copy: vmsplice(2) with SPLICE_F_NONBLOCK, without SPLICE_F_GIFT. The memory stays ours, and the
    /// reader sees what it holds at the moment of reading: leave it alone until <see cref="PipeEnd.Unread"/> says that it was read.
    /// </summary>
    /// <param name="ranges">What to put in, in order; at most 1024.</param>
    /// <returns>How many bytes it took, perhaps not all; -1 when the pipe is full, whether or not this end blocks.</returns>
    /// <exception cref="NativeException">
    /// EPIPE: the reader is gone. EFAULT: memory that has no pages to lend (VM_PFNMAP, VM_IO, as of dma-contig drivers).
    /// </exception>
    public unsafe long TryVmsplice(ReadOnlySpan<MemoryRange> ranges)
    {
        using var lease = Lease();
        fixed (MemoryRange* first = ranges)
        {
            while (true)
            {
                long taken = LibC.vmsplice(lease.Fd, (iovec*)first, (size_t)(ulong)ranges.Length, (uint)LibC.SPLICE_F_NONBLOCK);
                if (taken >= 0)
                    return taken;
                if (LibC.errno == LibC.EAGAIN)
                    return -1;
                if (LibC.errno != LibC.EINTR)
                    throw NativeException.Last("vmsplice", "a pipe");
            }
        }
    }
}
