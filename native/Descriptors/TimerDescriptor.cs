using System.Runtime.InteropServices;
using ThatDam.Native.Errors;
using Tmds.Linux;

namespace ThatDam.Native.Descriptors;

/// <summary>A periodic timer on CLOCK_MONOTONIC that wakes a poll(2): timerfd_create(2), non-blocking, close-on-exec.</summary>
public sealed partial class TimerDescriptor : Descriptor
{
    private const int ClockMonotonic = 1; // <linux/time.h>: CLOCK_MONOTONIC

    private TimerDescriptor(int fd)
        : base(fd)
    {
    }

    /// <summary>A new one, not armed.</summary>
    /// <exception cref="NativeException">No descriptor is free.</exception>
    public static TimerDescriptor Create()
    {
        var fd = TimerCreate(ClockMonotonic, LibC.O_CLOEXEC | LibC.O_NONBLOCK); // TFD_CLOEXEC and TFD_NONBLOCK are these
        return fd < 0 ? throw NativeException.Last("timerfd_create", "a new timer") : new TimerDescriptor(fd);
    }

    /// <summary>Makes it readable once every period.</summary>
    /// <param name="period_ns">Nanoseconds.</param>
    /// <param name="first_ns">When for the first time; 0 disarms it. Nanoseconds from now.</param>
    public unsafe void Arm(long period_ns, long first_ns)
    {
        using var lease = Lease();
        var spec = stackalloc long[4] { period_ns / 1_000_000_000, period_ns % 1_000_000_000, first_ns / 1_000_000_000, first_ns % 1_000_000_000 };
        if (TimerSet(lease.Fd, 0, spec, null) < 0)
            throw NativeException.Last("timerfd_settime", "a timer");
    }

    /// <summary>How many periods have ended since the last call; 0 when none has.</summary>
    public unsafe long TakeExpirations()
    {
        using var lease = Lease();
        ulong count;
        return LibC.read(lease.Fd, &count, sizeof(ulong)) == sizeof(ulong) ? (long)count : 0;
    }

    [LibraryImport("libc", EntryPoint = "timerfd_create", SetLastError = true)]
    private static partial int TimerCreate(int clock, int flags);

    [LibraryImport("libc", EntryPoint = "timerfd_settime", SetLastError = true)]
    private static unsafe partial int TimerSet(int fd, int flags, long* spec, long* old); // struct itimerspec: four longs on 64-bit
}
