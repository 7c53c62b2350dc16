using System.Runtime.InteropServices;
using ThatDam.Native.Errors;
using Tmds.Linux;

namespace ThatDam.Native.Clocks;

/// <summary>
/// The kernel's clocks that nobody sets (clock_gettime(2)): both count from boot, are never stepped, and differ only in whether they run
/// while the machine sleeps.
/// </summary>
public static partial class KernelClock
{
    /// <summary>Nanoseconds since boot without those asleep: CLOCK_MONOTONIC, as frames are stamped with and TimeProvider's timers count.</summary>
    public static long Monotonic_ns => Read(ClockId.Monotonic);

    /// <summary>Nanoseconds since boot, those asleep included: CLOCK_BOOTTIME.</summary>
    public static long BootTime_ns => Read(ClockId.Boottime);

    /// <summary>
    /// How long this machine has slept since boot; nanoseconds. It grows with each suspend and at no other time; for want of a way to read
    /// both clocks at once it is off by some microseconds either way, or milliseconds on a machine at its limit. Compare it with an earlier
    /// value to learn of a sleep of a second or more.
    /// </summary>
    public static long Asleep_ns
    {
        get
        {
            var before = Monotonic_ns;
            var boot = BootTime_ns;
            var after = Monotonic_ns;
            return Math.Max(0, boot - before - ((after - before) / 2));
        }
    }

    private static unsafe long Read(ClockId clock)
    {
        timespec time;
        // Fails only for a clock that the kernel does not have (before Linux 2.6.39) or a bad address.
        return GetTime((int)clock, &time) < 0
            ? throw NativeException.Last("clock_gettime", clock.ToString())
            : ((long)time.tv_sec * 1_000_000_000) + (long)time.tv_nsec;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static unsafe partial int GetTime(int clock, timespec* time);
}

/// <summary>Source: &lt;time.h&gt;.</summary>
[CHeader("time.h", Name = "CLOCK_")]
internal enum ClockId
{
    Monotonic = 1,
    Boottime = 7,
}
