using System.Globalization;
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
    public void Disposed_it_is_gone()
    {
        var memory = AnonymousMemory.Map(1);
        var address = memory.Address;
        Assert.Equal(Environment.SystemPageSize, memory.Length);
        memory.Dispose();
        Assert.DoesNotContain(address.ToString("x", CultureInfo.InvariantCulture) + "-", File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => memory.Address);
    }

    // proc_pid_smaps(5): of every mapping that lies in it, for the kernel may split or join them.
    private static long Resident_kB(AnonymousMemory memory)
    {
        var (sum, inside) = (0L, false);
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            if (line.Split(' ')[0].Split('-') is [var from, var to] && long.TryParse(from, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var begin)
                && long.TryParse(to, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var end))
                inside = begin >= memory.Address && end <= memory.Address + memory.Length;
            else if (inside && line.StartsWith("Rss:", StringComparison.Ordinal))
                sum += long.Parse(line[4..^2], CultureInfo.InvariantCulture);
        }
        return sum;
    }
}
