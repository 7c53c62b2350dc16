using System.Diagnostics;
using ThatDam.Native.Errors;
using ThatDam.Native.Files;
using ThatDam.Native.Pipes;
using ThatDam.Native.Tests.Files;

namespace ThatDam.Native.Tests.Pipes;

public sealed class PipeReadEndTests : IDisposable
{
    private readonly PipeReadEnd _read;
    private readonly PipeWriteEnd _write;

    public PipeReadEndTests() => (_read, _write) = Pipe.Create();

    public void Dispose()
    {
        _read.Dispose();
        _write.Dispose();
    }

    [Fact]
    public void Splicing_moves_bytes_to_the_files_position()
    {
        using var scratch = new ScratchDirectory();
        using var directory = DirectoryDescriptor.Open(scratch.Path);
        using var file = directory.CreateNew("file");
        file.Write("head:"u8);
        _write.TryWrite("bytes of a recording"u8);

        Assert.Equal(8, _read.TrySplice(file, 8));
        Assert.Equal(12, _read.TrySplice(file, 1 << 20));

        Assert.Equal("head:bytes of a recording", File.ReadAllText(scratch["file"]));
        Assert.Equal(25, file.Position);
    }

    [Fact]
    public void Splicing_tells_nothing_yet_from_the_end()
    {
        using var scratch = new ScratchDirectory();
        using var directory = DirectoryDescriptor.Open(scratch.Path);
        using var file = directory.CreateNew("file");

        Assert.Equal(-1, _read.TrySplice(file, 1024));
        _write.Dispose();
        Assert.Equal(0, Ended(() => _read.TrySplice(file, 1024)));
    }

    [Fact]
    public void Reading_tells_nothing_yet_from_the_end()
    {
        _read.SetNonBlocking(true);
        Span<byte> buffer = stackalloc byte[16];

        Assert.Equal(-1, _read.TryRead(buffer));
        _write.TryWrite("abc"u8);
        Assert.Equal(3, _read.Unread());
        Assert.Equal(3, _read.TryRead(buffer));
        _write.Dispose();
        Assert.Equal(0, Ended(() => _read.TryRead(new byte[16])));
    }

    // A child that another test has just forked holds the other end too, until its exec.
    private static long Ended(Func<long> take)
    {
        var end = Stopwatch.GetTimestamp() + (10 * Stopwatch.Frequency);
        long taken;
        while ((taken = take()) == -1 && Stopwatch.GetTimestamp() < end)
            Thread.Yield();
        return taken;
    }

    [Fact]
    public async Task One_end_can_be_non_blocking_while_the_other_blocks()
    {
        var deadline = TimeSpan.FromSeconds(10);
        _write.SetNonBlocking(true);
        var block = new byte[4096];
        while (_write.TryWrite(block) > 0)
        {
        }

        var emptied = new TaskCompletionSource();
        var reader = Task.Run(
            () =>
            {
                var into = new byte[_read.Capacity];
                var total = _read.TryRead(into);
                emptied.SetResult();
                return total + _read.TryRead(into); // nothing is there now: it waits for the writer instead of answering -1
            },
            TestContext.Current.CancellationToken);
        await emptied.Task.WaitAsync(deadline, TestContext.Current.CancellationToken);
        _write.TryWrite("x"u8);

        Assert.Equal(_write.Capacity + 1, await reader.WaitAsync(deadline, TestContext.Current.CancellationToken));
    }

    [Fact]
    public unsafe void Memory_ranges_are_laid_out_as_the_kernel_reads_them()
    {
        Assert.Equal(sizeof(Tmds.Linux.iovec), sizeof(MemoryRange));
        var range = new MemoryRange(0x1234, 77);
        var vector = *(Tmds.Linux.iovec*)&range;

        Assert.Equal(0x1234, (nint)vector.iov_base);
        Assert.Equal(77ul, (ulong)vector.iov_len);
    }

    [Fact]
    public void Memory_that_is_not_there_is_EFAULT()
    {
        var problem = Assert.Throws<NativeException>(() => _write.TryVmsplice([new MemoryRange(4096, 4096)]));

        Assert.Equal(Errno.EFAULT, problem.Errno);
    }
}
