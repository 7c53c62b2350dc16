using System.Collections.Concurrent;
using ThatDam.Agent.Devices;
using ThatDam.Native.Descriptors;
using ThatDam.Native.Uevents;

namespace ThatDam.Agent.Tests.Devices;

/// <summary>A fake of udev's messages: what a test says came.</summary>
internal sealed class FakeFeed(UeventSource source = UeventSource.Udev) : IUeventFeed
{
    private readonly EventDescriptor _readable = EventDescriptor.Create();
    private readonly ConcurrentQueue<(UeventReceipt Receipt, Uevent? Uevent)> _waiting = [];
    private int _received;

    public Descriptor Readable => _readable;

    public UeventSource Source => source;

    public int ReceiveBufferBytes => 212_992;

    public bool IsDisposed { get; private set; }

    /// <summary>How many have been taken.</summary>
    public int Received => Volatile.Read(ref _received);

    /// <summary>One message on a node.</summary>
    public void Say(string action, string node, string? old = null)
    {
        Add(action, node, old);
        _readable.Signal();
    }

    /// <summary>So many messages at once.</summary>
    public void Storm(string action, string node, int count)
    {
        for (var i = 0; i < count; i++)
            Add(action, node, null);
        _readable.Signal();
    }

    /// <summary>Something that is no message.</summary>
    public void Give(UeventReceipt receipt)
    {
        _waiting.Enqueue((receipt, null));
        _readable.Signal();
    }

    public UeventReceipt Receive(out Uevent? uevent, out string? reason)
    {
        (uevent, reason) = (null, null);
        if (!_waiting.TryDequeue(out var next))
        {
            _readable.Reset();
            if (!_waiting.TryDequeue(out next))
                return UeventReceipt.Empty;
            _readable.Signal();
        }
        Interlocked.Increment(ref _received);
        uevent = next.Uevent;
        reason = next.Receipt == UeventReceipt.Refused ? "it was not sent by root" : null;
        return next.Receipt;
    }

    private void Add(string action, string node, string? old) => _waiting.Enqueue((UeventReceipt.Message, new Uevent
    {
        Action = action,
        DevPath = $"/devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0/video4linux/{node}",
        DevPathOld = old is null ? null : $"/devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0/video4linux/{old}",
        Subsystem = "video4linux",
        DevName = $"/dev/{node}",
        Sequence = 1,
        Properties = new Dictionary<string, string>(),
    }));

    public void Dispose()
    {
        IsDisposed = true;
        _readable.Dispose();
    }
}
