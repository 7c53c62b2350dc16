using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;
using ThatDam.Native.Uevents;

namespace ThatDam.Agent.Devices;

/// <summary>Where messages on devices come from. For one thread.</summary>
internal interface IUeventFeed : IDisposable
{
    /// <summary>Readable when a message waits.</summary>
    Descriptor Readable { get; }

    /// <summary>Who speaks.</summary>
    UeventSource Source { get; }

    /// <summary>How much may wait, bytes.</summary>
    int ReceiveBufferBytes { get; }

    /// <summary>Takes the next message, without waiting.</summary>
    /// <param name="uevent">With <see cref="UeventReceipt.Message"/>: what it says.</param>
    /// <param name="reason">With <see cref="UeventReceipt.Refused"/>: why.</param>
    /// <exception cref="NativeException">The kernel has no memory for it; the feed goes on.</exception>
    UeventReceipt Receive(out Uevent? uevent, out string? reason);
}

/// <summary>The best feed that a machine has: udev's where udevd runs, else the kernel's.</summary>
/// <param name="udev">Where udevd keeps its state, such as <c>/run/udev</c>.</param>
internal sealed class UeventFeeds(string udev)
{
    /// <summary>Who should be listened to now.</summary>
    public UeventSource Best => File.Exists(Path.Combine(udev, "control")) ? UeventSource.Udev : UeventSource.Kernel;

    /// <summary>Listens to video devices.</summary>
    /// <exception cref="NativeException">This kernel has no such messages, or the daemon may not listen.</exception>
    public static IUeventFeed Open(UeventSource source) => new Feed(UeventSocket.Open(source, "video4linux"));

    /// <summary>Listens as <see cref="Open"/> does; the first time to udev on a socket that was handed over.</summary>
    /// <param name="passed">That socket; owned from here on. Null: there is none.</param>
    public static Func<UeventSource, IUeventFeed> Over(PassedDescriptor? passed) => source =>
        source == UeventSource.Udev && Interlocked.Exchange(ref passed, null) is { } first ? new Feed(UeventSocket.Adopt(first, "video4linux")) : Open(source);

    private sealed class Feed(UeventSocket socket) : IUeventFeed
    {
        public Descriptor Readable => socket;

        public UeventSource Source => socket.Source;

        public int ReceiveBufferBytes => socket.ReceiveBufferBytes;

        public UeventReceipt Receive(out Uevent? uevent, out string? reason) => socket.Receive(out uevent, out reason);

        public void Dispose() => socket.Dispose();
    }
}
