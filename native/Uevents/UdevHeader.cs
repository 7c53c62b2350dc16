using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ThatDam.Native.Uevents;

/// <summary>
/// What stands before the properties in udev's message. No header of C is installed for it: it is <c>struct monitor_netlink_header</c> of
/// systemd's src/libsystemd/sd-device/device-monitor.c, the same in eudev. The magic number and the hashes are in network order, for the
/// kernel's filters; the rest is in the machine's.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct UdevHeader
{
    public const int Size = 40;

    public const uint MagicOffset = 8;

    public const uint SubsystemHashOffset = 24;

    public const uint MagicNumber = 0xfeedcafe;

    public readonly ulong PrefixBytes;
    public readonly uint Magic;
    public readonly uint HeaderSize;
    public readonly uint PropertiesOffset;
    public readonly uint PropertiesLength;
    public readonly uint SubsystemHash;
    public readonly uint DevTypeHash;
    public readonly uint TagBloomHigh;
    public readonly uint TagBloomLow;

    public static ReadOnlySpan<byte> Prefix => "libudev\0"u8;

    public static uint MagicInNetworkOrder => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(MagicNumber) : MagicNumber;
}
