using System.Buffers.Binary;
using ThatDam.Native.Uevents;

namespace ThatDam.Native.Tests.Uevents;

public sealed class UeventFilterTests
{
    [Theory]
    [InlineData("udev-add-camera", "video4linux")]
    [InlineData("udev-bind-usb", "usb")]
    public void A_name_hashes_to_what_udev_wrote(string sample, string subsystem)
    {
        var written = BinaryPrimitives.ReadUInt32BigEndian(UeventCorpus.Read(sample).AsSpan((int)UdevHeader.SubsystemHashOffset));

        Assert.Equal(written, UeventFilter.Hash(System.Text.Encoding.UTF8.GetBytes(subsystem)));
    }

    [Fact]
    public void The_header_is_laid_out_as_udev_writes_it()
    {
        var header = System.Runtime.InteropServices.MemoryMarshal.Read<UdevHeader>(UeventCorpus.Read("udev-bind-usb"));

        Assert.Equal(UdevHeader.Size, System.Runtime.CompilerServices.Unsafe.SizeOf<UdevHeader>());
        Assert.Equal((UdevHeader.MagicInNetworkOrder, 40u, 40u, 243u), (header.Magic, header.HeaderSize, header.PropertiesOffset, header.PropertiesLength));
        Assert.Equal(BinaryPrimitives.ReverseEndianness(UeventFilter.Hash("usb"u8)), header.SubsystemHash);
        Assert.Equal(BinaryPrimitives.ReverseEndianness(UeventFilter.Hash("usb_device"u8)), header.DevTypeHash);
    }
}
