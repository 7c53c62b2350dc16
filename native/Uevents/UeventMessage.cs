using System.Diagnostics.CodeAnalysis;

namespace ThatDam.Native.Uevents;

/// <summary>
/// Reads the messages of NETLINK_KOBJECT_UEVENT. Pure: no kernel call, never throws, and allocates only for a message that is sound, in
/// proportion to its length.
/// <para>
/// The kernel's form (lib/kobject_uevent.c): <c>ACTION@DEVPATH\0KEY=VALUE\0KEY=VALUE\0…</c>. udev's form (systemd, sd-device/device-monitor.c):
/// <c>libudev\0</c>, a header of 40 bytes or more with a magic number, and <c>KEY=VALUE\0…</c> to the end.
/// </para>
/// </summary>
public static class UeventMessage
{
    /// <summary>The longest message that is read; bytes. The kernel's buffer for one is 2 KiB, udev's messages seldom exceed 4.</summary>
    public const int MaxLength = 32 << 10;

    /// <summary>The most properties that a message may have; the kernel's own limit is 64.</summary>
    public const int MaxProperties = 1024;

    /// <summary>Reads one message.</summary>
    /// <param name="bytes">The whole datagram.</param>
    /// <param name="form">Whose form it must have; it is not guessed.</param>
    /// <param name="uevent">What it says.</param>
    /// <param name="reason">Why it is refused, in words for a log; never anything out of the message.</param>
    /// <returns>False when anything about it is not as it must be.</returns>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes, UeventSource form, [NotNullWhen(true)] out Uevent? uevent, [NotNullWhen(false)] out string? reason)
    {
        uevent = null;
        if (!UeventFields.TryRead(bytes, form, out var fields, out reason))
            return false;
        uevent = fields.ToUevent();
        return true;
    }
}
