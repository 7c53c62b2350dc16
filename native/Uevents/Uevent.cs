namespace ThatDam.Native.Uevents;

/// <summary>
/// Something happened to a device. Every text is as it was sent, decoded as UTF-8 with U+FFFD for what is none: a device's own words, such
/// as its product name, may hold control characters. Each is shorter than the message, so at most <see cref="UeventMessage.MaxLength"/>.
/// </summary>
public sealed record Uevent
{
    /// <summary>What happened: <c>add</c>, <c>remove</c>, <c>change</c>, <c>move</c>, <c>bind</c>, <c>unbind</c>… 1 to 32 of a to z.</summary>
    public required string Action { get; init; }

    /// <summary>The device's place below /sys, such as <c>/devices/pci0000:00/…/video4linux/video0</c>. Starts with a slash.</summary>
    public required string DevPath { get; init; }

    /// <summary>Such as <c>video4linux</c>. Never empty.</summary>
    public required string Subsystem { get; init; }

    /// <summary>The node as it was sent: <c>/dev/video0</c> by udev, <c>video0</c> by the kernel. Null for a device without one.</summary>
    public string? DevName { get; init; }

    /// <summary>The node's path, <c>/dev/video0</c> in either form. Null for a device without one.</summary>
    public string? DevNode => DevName switch
    {
        null or "" => null,
        ['/', ..] => DevName,
        _ => "/dev/" + DevName,
    };

    /// <summary>Of a <c>move</c>: where it was before.</summary>
    public string? DevPathOld { get; init; }

    /// <summary>Such as <c>usb_device</c>; null where its subsystem knows only one sort.</summary>
    public string? DevType { get; init; }

    /// <summary>The kernel's running number of the event, from 1; udev's message bears that of the kernel's.</summary>
    public required ulong Sequence { get; init; }

    /// <summary>Everything that was sent, those above included. Of a key sent twice the last one counts, as for udev.</summary>
    public required IReadOnlyDictionary<string, string> Properties { get; init; }
}
