using System.Runtime.InteropServices;
using ThatDam.Native.Errors;
using ThatDam.Native.Pipes;

namespace ThatDam.Native.Tests.Pipes;

public sealed unsafe class PipeTests
{
    [Fact]
    public void Spliced_memory_that_is_rewritten_before_it_is_read_reads_as_rewritten()
    {
        var memory = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
        new Span<byte>(memory, 4096).Fill(1);
        var (read, write) = Pipe.Create();
        using (read)
        using (write)
        {
            Assert.Equal(4096, write.TryVmsplice([new MemoryRange((nint)memory, 4096)]));
            Assert.Equal(4096, write.Unread());
            new Span<byte>(memory, 4096).Fill(2);

            var got = new byte[4096];
            Assert.Equal(4096, read.TryRead(got));

            Assert.All(got, value => Assert.Equal(2, value));
            Assert.Equal(0, write.Unread());
        }
        NativeMemory.AlignedFree(memory);
    }

    [Fact]
    public void A_full_pipe_answers_that_it_would_block()
    {
        var (read, write) = Pipe.Create();
        using (read)
        using (write)
        {
            write.SetNonBlocking(true);
            var block = new byte[4096];
            while (write.TryWrite(block) > 0)
            {
            }
            Assert.Equal(write.Capacity, write.Unread());
            Assert.Equal(-1, write.TryWrite(block));
        }
    }

    [Fact]
    public void A_pipe_without_a_reader_fails_with_EPIPE()
    {
        var (read, write) = Pipe.Create();
        read.Dispose();
        using (write)
            Assert.Equal(Errno.EPIPE, Assert.Throws<NativeException>(() => write.TryWrite([1])).Errno);
    }

    [Fact]
    public void Capacity_is_what_was_asked_for_or_less()
    {
        var (read, write) = Pipe.Create(Pipe.UnprivilegedMaximumBytes);
        using (read)
        using (write)
            Assert.InRange(write.Capacity, 4096, Pipe.UnprivilegedMaximumBytes);
    }
}
