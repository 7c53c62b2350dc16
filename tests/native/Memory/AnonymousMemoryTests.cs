using System.Runtime.InteropServices;
using ThatDam.Native.Memory;

namespace ThatDam.Native.Tests.Memory;

public sealed unsafe class AnonymousMemoryTests
{
    private const int Length = 32 << 20;

    [Fact]
    public void It_takes_memory_when_it_is_written_and_gives_it_back_when_it_is_discarded()
    {
        using var memory = AnonymousMemory.Map(Length);
        Assert.Equal(0, Resident_kB(memory));
        new Span<byte>((void*)memory.Address, Length).Fill(7);
        Assert.Equal(Length / 1024, Resident_kB(memory));

        memory.Discard(5000); // the page that holds its last byte stays
        Assert.Equal(2 * Environment.SystemPageSize / 1024, Resident_kB(memory));
        Assert.Equal((7, 0), (((byte*)memory.Address)[4999], ((byte*)memory.Address)[Length - 1]));
    }

    [Fact]
    public void Disposed_it_is_gone_and_so_is_its_place()
    {
        // More than an address space has room for, if one stayed: 192 TiB.
        for (var i = 0; i < 3000; i++)
            AnonymousMemory.Map((nint)1 << 36).Dispose();
        var memory = AnonymousMemory.Map(1);
        Assert.Equal(Environment.SystemPageSize, memory.Length);
        memory.Dispose();
        Assert.Throws<ObjectDisposedException>(() => memory.Address);
    }

    // proc_pid_pagemap(5): 64 bits for each page, the highest says that it is in memory. (The kernel may join mappings, so smaps says it of more.)
    private static long Resident_kB(AnonymousMemory memory)
    {
        var page = Environment.SystemPageSize;
        var entries = new ulong[memory.Length / page];
        using var map = File.OpenHandle("/proc/self/pagemap");
        Assert.Equal(entries.Length * sizeof(ulong), RandomAccess.Read(map, MemoryMarshal.AsBytes(entries.AsSpan()), memory.Address / page * sizeof(ulong)));
        return entries.Count(entry => entry >> 63 == 1) * page / 1024;
    }
}
