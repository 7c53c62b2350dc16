using System.Runtime.InteropServices;
using ThatDam.Native.Errors;
using Tmds.Linux;

namespace ThatDam.Native.Descriptors;

/// <summary>What poll(2) watches for and what it found. Source: &lt;poll.h&gt;.</summary>
[Flags]
[CHeader("poll.h", Name = "POLL")]
public enum PollEvents : short
{
    None = 0,
    /// <summary>POLLIN: there is something to read.</summary>
    In = 0x001,
    /// <summary>POLLPRI: V4L2 has an event.</summary>
    [CHeader("poll.h", Name = "POLLPRI")]
    Priority = 0x002,
    /// <summary>POLLOUT: writing would not block.</summary>
    Out = 0x004,
    /// <summary>POLLERR: always watched. The reader of a pipe is gone; a V4L2 device is unplugged or not streaming.</summary>
    [CHeader("poll.h", Name = "POLLERR")]
    Error = 0x008,
    /// <summary>POLLHUP: always watched. The writer of a pipe is gone.</summary>
    [CHeader("poll.h", Name = "POLLHUP")]
    HangUp = 0x010,
    /// <summary>POLLNVAL: always watched. The descriptor is not open.</summary>
    [CHeader("poll.h", Name = "POLLNVAL")]
    Invalid = 0x020,
}

/// <summary>
/// A fixed set of descriptors to wait on: poll(2). Holds a reference to each until disposed, so none can be closed under the wait.
/// For one thread.
/// </summary>
public sealed partial class PollSet : IDisposable
{
    private readonly List<Descriptor> _owners = [];
    private pollfd[] _entries = [];

    /// <summary>Adds a descriptor. Returns its place, the index for <see cref="Found"/>.</summary>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public int Add(Descriptor descriptor, PollEvents events)
    {
        var taken = false;
        descriptor.DangerousAddRef(ref taken);
        _owners.Add(descriptor);
        Array.Resize(ref _entries, _owners.Count);
        _entries[^1] = new pollfd { fd = (int)descriptor.DangerousGetHandle(), events = (short)events };
        return _entries.Length - 1;
    }

    /// <summary>Stops watching one place altogether: a hung-up pipe would otherwise wake every wait.</summary>
    public void Mute(int place) => _entries[place].fd = -1;

    /// <summary>Waits until a descriptor is ready. Returns false when the time is over.</summary>
    /// <param name="timeout_ms">Milliseconds; -1 waits without end.</param>
    /// <exception cref="NativeException">The kernel has no memory for it.</exception>
    public unsafe bool Wait(int timeout_ms = -1)
    {
        var end = timeout_ms < 0 ? 0 : Environment.TickCount64 + timeout_ms;
        fixed (pollfd* entries = _entries)
        {
            while (true)
            {
                var ready = PollOnce(entries, (nuint)_entries.Length, timeout_ms);
                if (ready >= 0)
                    return ready > 0;
                if (LibC.errno != LibC.EINTR)
                    throw NativeException.Last("poll", $"{_entries.Length} descriptors");
                if (timeout_ms > 0)
                    timeout_ms = (int)Math.Max(0, end - Environment.TickCount64);
            }
        }
    }

    /// <summary>What the last <see cref="Wait"/> found at one place.</summary>
    public PollEvents Found(int place) => _entries[place].fd < 0 ? PollEvents.None : (PollEvents)_entries[place].revents;

    // Imported here because that of Tmds.LibC does not save errno.
    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static unsafe partial int PollOnce(pollfd* entries, nuint count, int timeout_ms);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var owner in _owners)
            owner.DangerousRelease();
        _owners.Clear();
        _entries = [];
    }
}
