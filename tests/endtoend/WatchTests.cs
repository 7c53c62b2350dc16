using System.Diagnostics;
using System.Globalization;
using ThatDam.Native.Tests.Uevents;

namespace ThatDam.EndToEnd.Tests;

/// <summary>Messages on devices: what is forged is not believed, and however many come, the list is right and the daemon rests again.</summary>
[Trait("bed", "guest")]
[Trait("boot", "2")]
public sealed class WatchTests(FaultyCamera camera, ITestOutputHelper output) : IClassFixture<FaultyCamera>
{
    private const string Node = "video0", Subsystem = "video4linux";

    private Daemon Daemon => camera.Daemon;

    [Fact]
    public async Task None_that_is_forged_is_believed()
    {
        using var sender = new UeventSender();
        var device = Assert.Single(await Daemon.DevicesAsync());
        var genuine = Genuine("remove", Node);
        var wrongMagic = Changed(8, 0);
        var wrongLength = Changed(20, 1);
        var wrongOffset = Changed(16, 0x7f);
        var before = (await Daemon.StatusAsync()).Watch!;
        Assert.Equal("udev", before.Source);
        var mark = Daemon.Mark();

        var refusable = 0;
        for (var round = 0; round < 20; round++)
        {
            foreach (var uid in new uint[] { 1, 65534, uint.MaxValue - 1 })
                refusable += Sent(() => sender.SendAs(uid, genuine));
            refusable += Sent(() => sender.SendTo(PortOf(Daemon.Id), genuine));
            refusable += Sent(() => sender.Send(wrongLength));
            refusable += Sent(() => sender.Send(wrongOffset));
            refusable += Sent(() => sender.Send(genuine.AsSpan(0, genuine.Length - 7)));
            // These the kernel may drop before the daemon sees them: another group, no magic, no whole header.
            sender.Send(genuine, UeventSender.KernelGroup);
            sender.Send(UeventSender.Kernel("remove", Path(Node), Subsystem, 1, ("DEVNAME", Node)), UeventSender.KernelGroup);
            sender.Send(UeventSender.Kernel("remove", Path(Node), Subsystem, 1, ("DEVNAME", Node)));
            sender.Send(wrongMagic);
            foreach (var length in new[] { 1, 8, 27, 39 })
                sender.Send(genuine.AsSpan(0, length));
        }

        await Eventually.TrueAsync(async () => (await Daemon.StatusAsync()).Watch!.Refused >= before.Refused + refusable, $"{refusable} are refused", 20);
        var after = (await Daemon.StatusAsync()).Watch!;
        output.WriteLine($"accepted {after.Accepted - before.Accepted}, refused {after.Refused - before.Refused} of {refusable} that reach it");
        Assert.Equal(before.Accepted, after.Accepted);
        Assert.Equal((device.Id, "online"), (Assert.Single(await Daemon.DevicesAsync()).Id, device.Status));
        Assert.DoesNotContain(Daemon.Events(mark), e => e.Text("cause") == "change" || e.Topic == "capture.device_state");

        byte[] Changed(int at, byte value)
        {
            var message = genuine.ToArray();
            message[at] = value;
            return message;
        }
    }

    [Fact]
    public async Task After_a_storm_the_list_is_right_and_the_daemon_rests()
    {
        const int count = 100_000;
        using var sender = new UeventSender();
        var id = Assert.Single(await Daemon.DevicesAsync()).StableId;
        var before = (await Daemon.StatusAsync()).Watch!;
        var mark = Daemon.Mark();
        byte[][] messages = [Genuine("add", Node), Genuine("remove", Node), Genuine("change", Node), Genuine("add", "video77"), Genuine("remove", "video77")];
        var watch = Stopwatch.StartNew();
        Send(count / 2);
        await Vivid.UnbindAsync();
        Send(count / 2);
        var over = TimeProvider.System.GetUtcNow();
        var took = watch.Elapsed;

        var listed = await Daemon.ListedAsync(mark, id, "offline");
        Assert.InRange((listed.At - over).TotalSeconds, double.MinValue, 2);
        // It stays right.
        await MustRestAsync();
        Assert.Equal("offline", Assert.Single(await Daemon.DevicesAsync()).Status);
        var after = (await Daemon.StatusAsync()).Watch!;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} messages in {took.TotalSeconds:F2} s: accepted {after.Accepted - before.Accepted}, ")
            + string.Create(CultureInfo.InvariantCulture, $"overruns {after.Overruns - before.Overruns}, looks {after.Looks - before.Looks}, right {(listed.At - over).TotalSeconds:F2} s after the last"));
        Assert.InRange(after.Looks - before.Looks, 1, 500);
        Assert.True(after.Accepted > before.Accepted || after.Overruns > before.Overruns, $"{before} → {after}");

        await Vivid.BindAsync();
        await Daemon.OnlineAsync(camera.Node);
        await (await Daemon.RecordAsync(camera.Node, 0.5, "--size", "320x180", "--fps", "30", "--codec", "mjpeg")).MustBeWholeAsync();

        void Send(int messagesToSend)
        {
            for (var i = 0; i < messagesToSend; i++)
                Sent(() => sender.Send(messages[i % messages.Length]));
        }
    }

    private static byte[] Genuine(string action, string node) => UeventSender.Udev(action, Path(node), Subsystem, 4711,
        ("DEVNAME", "/dev/" + node), ("MAJOR", "81"), ("MINOR", "0"), ("ID_V4L_CAPABILITIES", ":capture:"), ("USEC_INITIALIZED", "1"));

    private static string Path(string node) => $"/devices/platform/vivid.0/{Subsystem}/{node}";

    // ENOBUFS: somebody's buffer is full, as in a storm it may be; the others have it.
    private static int Sent(Action send)
    {
        try
        {
            send();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return 0;
        }
        return 1;
    }

    /// <summary>The netlink port of a process's socket for device events.</summary>
    private static uint PortOf(int process)
    {
        var sockets = Directory.GetFileSystemEntries($"/proc/{process}/fd").Select(fd => new FileInfo(fd).LinkTarget).ToHashSet();
        foreach (var line in File.ReadLines("/proc/net/netlink").Skip(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries); // sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode
            if (fields[1] == "15" && sockets.Contains($"socket:[{fields[9]}]"))
                return uint.Parse(fields[2], CultureInfo.InvariantCulture);
        }
        throw new InvalidOperationException("the daemon listens to no device events");
    }

    private async Task MustRestAsync()
    {
        var used = 0L;
        await Eventually.TrueAsync(async () =>
        {
            var before = Ticks();
            await Task.Delay(TimeSpan.FromSeconds(2)); // the time over which is counted
            return (used = Ticks() - before) <= 10;
        }, $"the daemon uses at most 0.1 s of the processor in 2 s", 20);
        output.WriteLine($"processor after the storm: {used * 10} ms in 2 s");
    }

    private long Ticks()
    {
        var stat = File.ReadAllText($"/proc/{Daemon.Id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }
}
