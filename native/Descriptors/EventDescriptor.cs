using ThatDam.Native.Errors;
using Tmds.Linux;

namespace ThatDam.Native.Descriptors;

/// <summary>A counter that wakes a poll(2): eventfd(2), non-blocking, close-on-exec.</summary>
public sealed class EventDescriptor : Descriptor
{
    private EventDescriptor(int fd)
        : base(fd)
    {
    }

    /// <summary>A new one, not signalled.</summary>
    /// <exception cref="NativeException">No descriptor is free.</exception>
    public static EventDescriptor Create()
    {
        var fd = LibC.eventfd(0, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK);
        return fd < 0 ? throw NativeException.Last("eventfd", "a new counter") : new EventDescriptor(fd);
    }

    /// <summary>Makes it readable. Never blocks; signalling twice is signalling once.</summary>
    public unsafe void Signal()
    {
        using var lease = Lease();
        ulong one = 1;
        _ = LibC.write(lease.Fd, &one, sizeof(ulong)); // EAGAIN: the counter is full, so it is signalled
    }

    /// <summary>Makes it unreadable again.</summary>
    public unsafe void Reset()
    {
        using var lease = Lease();
        ulong count;
        _ = LibC.read(lease.Fd, &count, sizeof(ulong)); // EAGAIN: it was not signalled
    }
}
