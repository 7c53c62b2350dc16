using System.Buffers.Binary;
using System.Text;
using ThatDam.Native.Uevents;

namespace ThatDam.Native.Tests.Uevents;

public sealed class UeventMessageTests
{
    private const string Camera = "/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/video4linux/video";

    public static TheoryData<string> EachSample => [.. UeventCorpus.Names];

    [Fact]
    public void A_message_of_udev_says_everything_of_a_camera()
    {
        var uevent = Accepted(UeventCorpus.Read("udev-add-camera"), UeventSource.Udev);

        Assert.Equal(("add", Camera + "0", "video4linux", 4242ul), (uevent.Action, uevent.DevPath, uevent.Subsystem, uevent.Sequence));
        Assert.Equal(("/dev/video0", "/dev/video0", null, null), (uevent.DevName, uevent.DevNode, uevent.DevPathOld, uevent.DevType));
        Assert.Equal(32, uevent.Properties.Count);
        Assert.Equal("Café Cam: 4K", uevent.Properties["ID_V4L_PRODUCT"]);
        Assert.Equal("3DBB0B2F", uevent.Properties["ID_SERIAL_SHORT"]);
        Assert.Equal("pci-0000:00:14.0-usb-0:2:1.0", uevent.Properties["ID_PATH"]);
        Assert.Equal("video4linux", uevent.Properties["SUBSYSTEM"]);
    }

    [Fact]
    public void Messages_of_the_kernel_say_the_node_without_its_directory_and_where_a_moved_one_was()
    {
        var added = Accepted(UeventCorpus.Read("kernel-add-camera"), UeventSource.Kernel);
        var moved = Accepted(UeventCorpus.Read("kernel-move-camera"), UeventSource.Kernel);

        Assert.Equal(("add", Camera + "0", "video4linux", 830ul), (added.Action, added.DevPath, added.Subsystem, added.Sequence));
        Assert.Equal(("video0", "/dev/video0"), (added.DevName, added.DevNode));
        Assert.Equal(("move", Camera + "2", Camera + "0", "video2"), (moved.Action, moved.DevPath, moved.DevPathOld, moved.DevName));
    }

    [Fact]
    public void A_device_has_a_type_where_it_has_one_and_no_node_where_it_has_none()
    {
        Assert.Equal("usb_device", Accepted(UeventCorpus.Read("udev-bind-usb"), UeventSource.Udev).DevType);
        var without = Accepted(UeventSender.Udev("add", "/devices/x", "net", 1), UeventSource.Udev);
        Assert.Null(without.DevName);
        Assert.Null(without.DevNode);
    }

    [Theory]
    [MemberData(nameof(EachSample))]
    public void One_cut_off_at_any_length_is_refused_and_so_is_one_with_something_behind_it(string name)
    {
        var bytes = UeventCorpus.Read(name);
        var form = UeventCorpus.FormOf(name);
        _ = Accepted(bytes, form);

        for (var length = 0; length < bytes.Length; length++)
            _ = Refused(bytes.AsSpan(0, length), form);
        _ = Refused([.. bytes, 0], form);
        _ = Refused([.. bytes, .. "X"u8], form);
    }

    [Theory]
    [MemberData(nameof(EachSample))]
    public void The_form_is_not_guessed(string name)
    {
        var other = UeventCorpus.FormOf(name) == UeventSource.Udev ? UeventSource.Kernel : UeventSource.Udev;

        _ = Refused(UeventCorpus.Read(name), other);
        Assert.Equal("it is of no known form", Refused(UeventCorpus.Read(name), 0));
    }

    [Fact]
    public void What_udev_does_not_vouch_for_is_refused()
    {
        Assert.Equal("it is shorter than udev's header", Refused(new byte[39], UeventSource.Udev));
        Assert.Equal("it does not start as udev's do", Changed(bytes => bytes[0] = (byte)'L'));
        Assert.Equal("it does not start as udev's do", Changed(bytes => bytes[7] = (byte)'x'));
        Assert.Equal("its magic number is not udev's", Changed(bytes => bytes[8] ^= 1));
        Assert.Equal("its magic number is not udev's", Changed(bytes => bytes.AsSpan(8, 4).Reverse()));
    }

    [Fact]
    public void Sizes_and_offsets_past_the_end_are_refused()
    {
        uint[] impossible = [0, 1, 39, 41, 1 << 16, int.MaxValue, 0x80000000, uint.MaxValue - 39, uint.MaxValue - 40, uint.MaxValue];
        foreach (var number in impossible)
        {
            foreach (var place in (int[])[12, 16, 20])
                _ = Changed(bytes => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(place), number));

            // Sums that come out right only when they overflow.
            _ = Changed(bytes =>
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), number);
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), number);
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(20), unchecked((uint)bytes.Length - number));
            }, except: number is 41);
        }
    }

    [Fact]
    public void A_longer_header_of_a_later_udev_is_skipped()
    {
        var old = UeventCorpus.Read("udev-add-camera");
        byte[] bytes = [.. old[..40], .. new byte[8], .. old[40..]];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), 48);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), 48);

        Assert.Equal("/dev/video0", Accepted(bytes, UeventSource.Udev).DevName);
    }

    [Theory]
    [InlineData("ADD", "/d", "s", "1", "its ACTION is not a word")]
    [InlineData("", "/d", "s", "1", "its ACTION is not a word")]
    [InlineData("a\nb", "/d", "s", "1", "its ACTION is not a word")]
    [InlineData("abcdefghijklmnopqrstuvwxyzabcdefg", "/d", "s", "1", "its ACTION is not a word")]
    [InlineData("add", "d", "s", "1", "its DEVPATH is not a path")]
    [InlineData("add", "", "s", "1", "its DEVPATH is not a path")]
    [InlineData("add", "/d", "", "1", "it has no SUBSYSTEM")]
    [InlineData("add", "/d", "s", "0", "its SEQNUM is not a number")]
    [InlineData("add", "/d", "s", "", "its SEQNUM is not a number")]
    [InlineData("add", "/d", "s", "+1", "its SEQNUM is not a number")]
    [InlineData("add", "/d", "s", "1x", "its SEQNUM is not a number")]
    [InlineData("add", "/d", "s", "18446744073709551616", "its SEQNUM is not a number")]
    public void What_every_event_has_must_be_sound(string action, string path, string subsystem, string sequence, string reason)
    {
        var udev = UeventSender.Udev(action, path, subsystem, null, ("SEQNUM", sequence));
        var kernel = UeventSender.Kernel(action, path, subsystem, null, ("SEQNUM", sequence));

        Assert.Equal(reason, Refused(udev, UeventSource.Udev));
        Assert.Equal(reason, Refused(kernel, UeventSource.Kernel));
    }

    [Fact]
    public void A_property_must_be_a_key_with_a_value()
    {
        foreach (var wrong in (string[])["\0", "KEY\0", "=value\0"])
            Assert.Equal("a property of it is not KEY=VALUE", Refused(UeventSender.Udev([.. "ACTION=add\0"u8, .. Encoding.UTF8.GetBytes(wrong)], "s"), UeventSource.Udev));
        Assert.Equal("it is cut off", Refused(UeventSender.Udev("ACTION=add"u8, "s"), UeventSource.Udev));
        Assert.Equal("it is cut off", Refused(UeventSender.Udev(""u8, "s"), UeventSource.Udev));
    }

    [Fact]
    public void The_kernel_does_not_contradict_itself()
    {
        var text = Encoding.UTF8.GetString(UeventCorpus.Read("kernel-add-camera"));

        foreach (var line in (string[])["remove@" + Camera + "0", "add@/devices/other", "add@"])
        {
            var changed = line + text[text.IndexOf('\0', StringComparison.Ordinal)..];
            Assert.Equal("its first line and its properties differ", Refused(Encoding.UTF8.GetBytes(changed), UeventSource.Kernel));
        }

        Assert.Equal("it does not start as the kernel's do", Refused("add\0ACTION=add@x\0"u8, UeventSource.Kernel));
    }

    [Fact]
    public void Of_a_key_sent_twice_the_last_one_counts()
    {
        var uevent = Accepted(UeventSender.Udev("add", "/d", "s", 1, ("K", "1"), ("K", "2"), ("ACTION", "remove")), UeventSource.Udev);

        Assert.Equal(("remove", "remove", "2"), (uevent.Action, uevent.Properties["ACTION"], uevent.Properties["K"]));
    }

    [Fact]
    public void One_too_long_or_with_too_many_properties_is_refused()
    {
        var tooLong = UeventSender.Udev("add", "/d", "s", 1, ("K", new string('x', UeventMessage.MaxLength)));
        var many = UeventSender.Udev("add", "/d", "s", 1, [.. Enumerable.Range(0, UeventMessage.MaxProperties).Select(i => ($"K{i}", "v"))]);

        Assert.Equal("it is too long", Refused(tooLong, UeventSource.Udev));
        Assert.Equal("it has too many properties", Refused(many, UeventSource.Udev));
    }

    [Fact]
    public void A_hostile_name_is_given_as_it_came_and_changes_nothing_else()
    {
        foreach (var name in HostileNames.All)
        {
            var uevent = Accepted(UeventSender.Udev(
                [.. "ACTION=add\0DEVPATH=/d\0SUBSYSTEM=video4linux\0ID_V4L_PRODUCT="u8, .. name, .. "\0DEVNAME=/dev/video7\0SEQNUM=9\0"u8],
                "video4linux"), UeventSource.Udev);

            Assert.Equal(Encoding.UTF8.GetString(name), uevent.Properties["ID_V4L_PRODUCT"]);
            Assert.Equal(("add", "/d", "video4linux", "/dev/video7", 9ul), (uevent.Action, uevent.DevPath, uevent.Subsystem, uevent.DevName, uevent.Sequence));
            Assert.Equal(6, uevent.Properties.Count);
        }

        Assert.Equal(40, HostileNames.All.Count);
    }

    private static Uevent Accepted(ReadOnlySpan<byte> bytes, UeventSource form)
    {
        Assert.True(UeventMessage.TryParse(bytes, form, out var uevent, out var reason), reason);
        Assert.Null(reason);
        return uevent;
    }

    private static string Refused(ReadOnlySpan<byte> bytes, UeventSource form)
    {
        Assert.False(UeventMessage.TryParse(bytes, form, out var uevent, out var reason));
        Assert.Null(uevent);
        return reason;
    }

    private static string Changed(Action<byte[]> change, bool except = false)
    {
        var bytes = UeventCorpus.Read("udev-add-camera");
        change(bytes);
        return except ? "" : Refused(bytes, UeventSource.Udev);
    }
}
