using System.Runtime.InteropServices;
using ThatDam.Agent.Capture;

namespace ThatDam.Agent.Tests.Capture;

public sealed unsafe class CopyBudgetTests
{
    private const int FrameBytes = 1 << 20;

    [Fact]
    public void A_frame_longer_than_any_may_be_is_refused_also_when_blocks_are_free()
    {
        using var copies = new CopyBudget(frameBytes: 100);
        Assert.True(copies.TryCopy(new byte[100], out var block));
        copies.Return(block);

        Assert.False(copies.TryCopy(new byte[101], out _));
        Assert.True(copies.TryCopy(new byte[100], out block));
        copies.Return(block);
    }

    [Fact]
    public void There_are_as_many_as_the_limit_has_room_for_each_in_a_place_of_its_own_and_again_when_they_are_back()
    {
        using var copies = new CopyBudget(FrameBytes);
        for (var round = 0; round < 3; round++)
        {
            var blocks = new List<nint>();
            var frame = new byte[FrameBytes];
            for (byte i = 0; i < 64; i++)
            {
                frame.AsSpan().Fill(i);
                Assert.True(copies.TryCopy(frame, out var block));
                blocks.Add(block);
            }
            Assert.False(copies.TryCopy(frame, out _));
            for (byte i = 0; i < 64; i++)
                Assert.False(new Span<byte>((void*)blocks[i], FrameBytes).ContainsAnyExcept(i));
            blocks.ForEach(copies.Return);
        }
    }

    [Fact]
    public void What_a_burst_took_is_the_machines_again()
    {
        using var copies = new CopyBudget(FrameBytes);
        var blocks = Enumerable.Range(0, 64).Select(_ => copies.TryCopy(new byte[FrameBytes], out var block) ? block : throw new InvalidOperationException()).ToList();
        Assert.Equal(64 * FrameBytes / 1024, Resident_kB(blocks.Min(), 64 * FrameBytes));

        blocks.ForEach(copies.Return);
        Assert.InRange(Resident_kB(blocks.Min(), 64 * FrameBytes), 0, 8 * FrameBytes / 1024);
    }

    [Fact]
    public void One_that_comes_back_after_the_camera_was_closed_may_be_read_until_then()
    {
        var copies = new CopyBudget(FrameBytes);
        Assert.True(copies.TryCopy([1, 2, 3], out var block));
        copies.Dispose();
        Assert.Equal([1, 2, 3], new Span<byte>((void*)block, 3).ToArray());
        copies.Return(block);
    }

    // proc_pid_pagemap(5): 64 bits for each page, the highest says that it is in memory. (The whole process has more: other tests run in it.)
    private static int Resident_kB(nint address, int bytes)
    {
        var page = Environment.SystemPageSize;
        var entries = new ulong[bytes / page];
        using var map = File.OpenHandle("/proc/self/pagemap");
        Assert.Equal(entries.Length * sizeof(ulong), RandomAccess.Read(map, MemoryMarshal.AsBytes(entries.AsSpan()), address / page * sizeof(ulong)));
        return entries.Count(entry => entry >> 63 == 1) * page / 1024;
    }
}
