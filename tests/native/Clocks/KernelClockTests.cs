using System.Diagnostics;
using System.Globalization;
using ThatDam.Native.Clocks;

namespace ThatDam.Native.Tests.Clocks;

public sealed class KernelClockTests
{
    [Fact]
    public void The_monotonic_clock_is_that_of_the_stopwatch()
    {
        Assert.Equal(1_000_000_000, Stopwatch.Frequency);
        var before = Stopwatch.GetTimestamp();
        var now = KernelClock.Monotonic_ns;

        Assert.InRange(now, before, Stopwatch.GetTimestamp());
    }

    [Fact]
    public void The_boot_clock_is_that_of_the_uptime()
    {
        var before = Uptime_ns();
        var now = KernelClock.BootTime_ns;

        Assert.InRange(now, before, Uptime_ns() + 10_000_000);
    }

    [Fact]
    public void The_time_asleep_is_what_the_clocks_differ_by()
    {
        var monotonic = KernelClock.Monotonic_ns;
        var differ = KernelClock.BootTime_ns - monotonic;
        var asleep = KernelClock.Asleep_ns;

        Assert.True(differ >= 0);
        Assert.InRange(asleep, Math.Max(0, differ - 500_000_000), differ + 500_000_000);
    }

    // Of hundredths of a second, cut off.
    private static long Uptime_ns() =>
        (long)(double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture) * 1e9);
}
