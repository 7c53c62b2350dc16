using System.Runtime.InteropServices;
using ThatDam.Native.Descriptors;
using ThatDam.Native.Uevents;

namespace ThatDam.Native.Tests.Uevents;

/// <summary>Real sockets of the kernel's, in a network of their own; skipped without the rights for it.</summary>
public sealed class UeventSocketTests
{
    private const string Path = "/devices/virtual/video4linux/video7";

    private static byte[] Camera(ulong sequence = 7) => UeventSender.Udev("add", Path, "video4linux", sequence, ("DEVNAME", "/dev/video7"));

    [Fact]
    public void A_message_of_root_to_udevs_group_is_received() => PrivateNetwork.Run(sender =>
    {
        using var socket = UeventSocket.Open(UeventSource.Udev, "video4linux", "usb");
        using var ready = new PollSet();
        ready.Add(socket, PollEvents.In);
        Assert.Equal(UeventReceipt.Empty, socket.Receive(out _, out _));
        Assert.False(ready.Wait(0));

        sender.Send(Camera());
        sender.Send(UeventSender.Udev("bind", "/devices/usb1", "usb", 8));
        sender.Send(UeventCorpus.Read("udev-add-camera"));

        Assert.True(ready.Wait(10_000));
        Assert.Equal(("add", Path, "/dev/video7", 7ul), Received(socket) is var first ? (first.Action, first.DevPath, first.DevName, first.Sequence) : default);
        Assert.Equal("usb", Received(socket).Subsystem);
        Assert.Equal(4242ul, Received(socket).Sequence);
        Assert.Equal(UeventReceipt.Empty, socket.Receive(out var none, out var reason));
        Assert.Null(none);
        Assert.Null(reason);
    });

    [Fact]
    public void A_message_of_the_kernels_is_received_and_that_of_another_subsystem_told_apart() => PrivateNetwork.Run(sender =>
    {
        using var socket = UeventSocket.Open(UeventSource.Kernel, "video4linux");

        sender.SendThroughKernel("change", "/devices/virtual/mem/null", "mem", ("DEVNAME", "null"));
        sender.SendThroughKernel("add", Path, "video4linux", ("DEVNAME", "video7"));

        var others = 0;
        Uevent? uevent;
        while (socket.Receive(out uevent, out _) is var receipt && receipt != UeventReceipt.Message)
        {
            Assert.Equal(UeventReceipt.Other, receipt);
            Assert.Null(uevent);
            others++;
        }

        Assert.True(others >= 1);
        Assert.Equal(("add", Path, "/dev/video7"), (uevent!.Action, uevent.DevPath, uevent.DevNode));
        Assert.True(uevent.Sequence > 0);
    });

    [Theory]
    [InlineData(1u)]
    [InlineData(1000u)]
    [InlineData(65534u)]
    public void One_who_is_not_root_is_not_believed(uint uid) => PrivateNetwork.Run(sender =>
    {
        using var socket = UeventSocket.Open(UeventSource.Udev, "video4linux");

        sender.SendAs(uid, Camera());
        Refused(socket, "it was not sent by root");

        sender.SendAs(0, Camera());
        Assert.Equal("add", Received(socket).Action);
    });

    [Fact]
    public void A_process_is_not_the_kernel() => PrivateNetwork.Run(sender =>
    {
        using var socket = UeventSocket.Open(UeventSource.Kernel, "video4linux");

        sender.Send(UeventSender.Kernel("add", Path, "video4linux", 7), UeventSender.KernelGroup);

        Refused(socket, "it was not sent by the kernel");
    });

    [Fact]
    public void What_was_not_sent_to_the_group_is_not_believed_or_not_even_heard() => PrivateNetwork.Run(sender =>
    {
        using var udev = UeventSocket.Open(UeventSource.Udev, "video4linux");
        using var kernel = UeventSocket.Open(UeventSource.Kernel, "video4linux");

        sender.SendTo(UeventSender.PortOf(udev), Camera());
        Refused(udev, "it was not sent to this group");
        sender.SendTo(UeventSender.PortOf(kernel), UeventSender.Kernel("add", Path, "video4linux", 7));
        Refused(kernel, "it was not sent to this group");

        sender.Send(Camera(), UeventSender.KernelGroup);
        sender.Send(Camera(), 1u << 2);
        sender.SendThroughKernel("add", Path, "video4linux");
        Assert.Equal(UeventReceipt.Empty, udev.Receive(out _, out _));
    });

    [Fact]
    public void What_is_not_udevs_form_is_dropped_by_the_filter_or_refused() => PrivateNetwork.Run(sender =>
    {
        using var filtered = UeventSocket.Open(UeventSource.Udev, "video4linux");
        using var unfiltered = UeventSocket.Open(UeventSource.Udev);
        var magic = Camera();
        magic[9] ^= 0xff;
        byte[][] spoofs = [magic, Camera()[..^1], Camera()[..39], Camera()[..8], [0], UeventSender.Kernel("add", Path, "video4linux", 7), new byte[UeventMessage.MaxLength + 1]];

        foreach (var spoof in spoofs)
        {
            sender.Send(spoof);
            Assert.Contains(filtered.Receive(out _, out _), (UeventReceipt[])[UeventReceipt.Empty, UeventReceipt.Refused]);
            Assert.Equal(UeventReceipt.Refused, unfiltered.Receive(out var uevent, out var reason));
            Assert.Null(uevent);
            Assert.NotNull(reason);
        }

        byte[] tooLong = UeventSender.Udev("add", Path, "video4linux", 7, ("K", new string('x', UeventMessage.MaxLength)));
        sender.Send(tooLong);
        Refused(filtered, "it is too long");
        sender.Send(Camera());
        Assert.Equal(7ul, Received(filtered).Sequence);
        Assert.Equal(UeventReceipt.Refused, unfiltered.Receive(out _, out _));
        Assert.Equal(7ul, Received(unfiltered).Sequence);
    });

    [Fact]
    public void The_name_counts_and_not_the_hash_that_the_sender_wrote() => PrivateNetwork.Run(sender =>
    {
        using var socket = UeventSocket.Open(UeventSource.Udev, "video4linux");

        sender.Send(UeventSender.Udev("ACTION=add\0DEVPATH=/d\0SUBSYSTEM=block\0SEQNUM=1\0"u8, "video4linux"));

        Assert.Equal(UeventReceipt.Other, socket.Receive(out var uevent, out _));
        Assert.Null(uevent);
    });

    [Fact]
    public void What_is_not_wanted_costs_no_memory() => PrivateNetwork.Run(sender =>
    {
        using var socket = UeventSocket.Open(UeventSource.Kernel, "video4linux");
        for (var i = 0; i < 200; i++)
            sender.SendThroughKernel("change", "/devices/virtual/mem/null", "mem", ("DEVNAME", "null"));
        Assert.Equal(UeventReceipt.Other, socket.Receive(out _, out _));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var others = 0;
        while (socket.Receive(out _, out _) == UeventReceipt.Other)
            others++;

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(others >= 199);
    });

    [Fact]
    public void A_storm_of_other_subsystems_takes_no_room() => PrivateNetwork.Run(sender =>
    {
        using var socket = UeventSocket.Open(UeventSource.Udev, "video4linux");
        Shrink(socket);
        var other = UeventSender.Udev("change", "/devices/virtual/block/dm-0", "block", 1);

        for (var i = 0; i < 10_000; i++)
            sender.Send(other);
        sender.Send(Camera());

        Assert.Equal(7ul, Received(socket).Sequence);
        Assert.Equal(UeventReceipt.Empty, socket.Receive(out _, out _));
    });

    [Fact]
    public void Messages_lost_are_told_and_it_hears_again_when_read_empty() => PrivateNetwork.Run(sender =>
    {
        using var socket = UeventSocket.Open(UeventSource.Udev, "video4linux");
        using var ready = new PollSet();
        var place = ready.Add(socket, PollEvents.In);
        Shrink(socket);

        for (ulong i = 1; i <= 1000; i++)
            sender.Send(Camera(i));

        Assert.True(ready.Wait(10_000));
        Assert.True(ready.Found(place).HasFlag(PollEvents.Error));
        Assert.Equal(UeventReceipt.Overrun, socket.Receive(out _, out _));
        Assert.Equal(1ul, Received(socket).Sequence);
        // Lost in silence: it was not read empty yet.
        sender.Send(Camera(2000));
        var last = 1ul;
        while (socket.Receive(out var uevent, out _) is var receipt && receipt != UeventReceipt.Empty)
        {
            Assert.Equal(UeventReceipt.Message, receipt);
            Assert.Equal(last + 1, uevent!.Sequence);
            last = uevent.Sequence;
        }

        Assert.InRange(last, 2ul, 999ul);
        sender.Send(Camera(3000));
        Assert.Equal(3000ul, Received(socket).Sequence);
        Assert.Equal(UeventReceipt.Empty, socket.Receive(out _, out _));
    });

    [Fact]
    public void Root_has_room_for_a_storm() => PrivateNetwork.Run(sender =>
    {
        using var socket = UeventSocket.Open(UeventSource.Udev, "video4linux");
        Assert.SkipUnless(socket.ReceiveBufferBytes >= 128 << 20, "takes CAP_NET_ADMIN outside a user namespace");

        for (ulong i = 1; i <= 50_000; i++)
            sender.Send(Camera(i));

        for (ulong i = 1; i <= 50_000; i++)
            Assert.Equal(i, Received(socket).Sequence);
    });

    [Fact]
    public void One_without_rights_listens_with_the_room_that_the_system_allows() => PrivateNetwork.RunAsNobody(() =>
    {
        using var udev = UeventSocket.Open(UeventSource.Udev, "video4linux");
        using var kernel = UeventSocket.Open(UeventSource.Kernel);

        // Doubled by the kernel, for what it adds to each message.
        var allowed = 2 * int.Parse(File.ReadAllText("/proc/sys/net/core/rmem_max"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(Math.Min(allowed, 256 << 20), udev.ReceiveBufferBytes);
        Assert.Equal(UeventSource.Kernel, kernel.Source);
    });

    [Fact]
    public void A_source_and_a_subsystem_must_be_named()
    {
        Assert.Throws<ArgumentException>(() => UeventSocket.Open(0));
        Assert.Throws<ArgumentException>(() => UeventSocket.Open(UeventSource.Udev, ""));
    }

    private static Uevent Received(UeventSocket socket)
    {
        Assert.Equal((UeventReceipt.Message, null), (socket.Receive(out var uevent, out var reason), reason));
        return uevent!;
    }

    private static void Refused(UeventSocket socket, string expected)
    {
        // The kernel tells every network of this machine's devices.
        UeventReceipt receipt;
        Uevent? uevent;
        string? reason;
        do
            receipt = socket.Receive(out uevent, out reason);
        while (receipt == UeventReceipt.Other);
        Assert.Equal(UeventReceipt.Refused, receipt);
        Assert.Null(uevent);
        Assert.Equal(expected, reason);
    }

    private static unsafe void Shrink(UeventSocket socket)
    {
        var room = 8 << 10;
        using var lease = socket.Lease();
        Assert.Equal(0, SetSockOpt(lease.Fd, 1, 8, &room, sizeof(int))); // SOL_SOCKET, SO_RCVBUF
    }

    [DllImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static extern unsafe int SetSockOpt(int fd, int level, int option, int* value, int length);
}
