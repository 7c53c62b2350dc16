using ThatDam.Agent.Devices;
using ThatDam.Contract;
using ThatDam.Native.Errors;
using ThatDam.Native.V4L2;

namespace ThatDam.Agent.Tests.Devices;

public sealed class DeviceScanTests : IDisposable
{
    private readonly FakeSysfs _fake = new();

    [Fact]
    public async Task What_is_no_camera_stays_in_the_list_with_the_reason()
    {
        _fake.AddUsbCamera("1", "A", ["video0"], microphone: true);

        // The fake's node is a plain file: the real probe opens it and is told that it is no video device.
        var device = Assert.Single(await Scan((path, siblings) => DeviceProbe.Of(path, siblings, (_, _) => { })).LookAsync(Cancellation));

        Assert.Equal(("046d:0825-A-00", "HD Webcam", "uvcvideo", "A", true), (device.StableId, device.Name, device.Driver, device.Serial, device.Audio));
        Assert.Contains("no video device", device.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Errno.EACCES, "usermod -aG video")]
    [InlineData(Errno.EBUSY, "fuser -v /dev/video0")]
    [InlineData(Errno.ENODEV, "unplugged")]
    [InlineData(Errno.EPERM, "DeviceAllow")]
    public void A_problem_names_the_node_and_the_remedy(Errno errno, string remedy)
    {
        var told = DeviceProblems.Told("/dev/video0", new NativeException("open", "/dev/video0", errno));

        Assert.StartsWith("/dev/video0 ", told, StringComparison.Ordinal);
        Assert.Contains(remedy, told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_driver_that_hangs_hides_no_other_device()
    {
        _fake.AddVivid("video0", "video1");
        using var never = new ManualResetEventSlim();
        var time = new HurriedTime();
        var scan = Scan((path, siblings) => path.EndsWith("video0", StringComparison.Ordinal) ? Hang(never) : Found(path, siblings), time);

        var devices = await scan.LookAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        never.Set();
        // Both are instances of one driver, so the second was behind the first.
        Assert.Contains("did not answer", devices[0].Problem, StringComparison.Ordinal);
        Assert.Null(devices[1].Problem);
        Assert.Equal("A camera", devices[1].Name);
    }

    [Fact]
    public async Task Without_sysfs_the_nodes_themselves_are_looked_at()
    {
        using var dev = new TemporaryDirectory();
        dev.Write("video3", "");
        dev.Write("video12", "");
        dev.Write("video-something", "");

        var devices = await new DeviceScan("/nonexistent", dev.Path, Ledger(), TimeProvider.System, (path, siblings, _) => Found(path, siblings)).LookAsync(Cancellation);

        Assert.Equal([dev["video3"], dev["video12"]], devices.Select(device => device.Node));
        Assert.Equal(["virtual-video3", "virtual-video12"], devices.Select(device => device.StableId));
    }

    [Fact]
    public async Task The_catalog_looks_again_when_a_node_came_and_when_one_had_a_problem()
    {
        _fake.AddVivid("video0");
        var looks = 0;
        var time = new ManualTime();
        using var catalog = new DeviceCatalog(Scan((path, _) => new DeviceProbe { Role = DeviceRole.Capture, Problem = looks++ == 0 ? "not fed yet" : null }, time),
            new VirtualCameraOptions { Count = 1 }, new DevicesOptions(), null, time);
        await catalog.RescanAsync(Cancellation);
        Assert.Equal("not fed yet", catalog.All[0].Problem);

        time.Pass(TimeSpan.FromSeconds(1));

        await catalog.FreshenAsync(Cancellation);
        Assert.Null(catalog.All[0].Problem);
        await catalog.FreshenAsync(Cancellation);
        Assert.Equal(2, looks);

        time.Pass(TimeSpan.FromSeconds(1));
        await catalog.FreshenAsync(Cancellation);
        Assert.Equal(2, looks);
        _fake.AddVivid("video0", "video1");
        await catalog.FreshenAsync(Cancellation);
        Assert.Equal(3, catalog.All.Count);
    }

    [Fact]
    public async Task The_catalog_sees_that_the_last_camera_is_gone_and_that_another_one_bears_its_name()
    {
        _fake.AddUsbCamera("1", null, ["video0"], number: 2);
        var looks = 0;
        using var catalog = new DeviceCatalog(Scan((path, siblings) => Found(path, siblings) with { Name = $"look {++looks}" }), new VirtualCameraOptions(), new DevicesOptions(), null, TimeProvider.System);
        await catalog.RescanAsync(Cancellation);
        await catalog.FreshenAsync(Cancellation);
        Assert.Equal("look 1", Assert.Single(catalog.All).Name);

        _fake.AddUsbCamera("1", null, ["video0"], number: 3); // what each plugging in gives anew
        await catalog.FreshenAsync(Cancellation);
        Assert.Equal("look 2", Assert.Single(catalog.All).Name);

        _fake.Unplug("video0");
        await catalog.FreshenAsync(Cancellation);
        Assert.False(Assert.Single(catalog.All).Online);
    }

    [Fact]
    public async Task A_device_that_a_program_feeds_is_looked_at_each_time_for_its_mode_changes_with_that_program()
    {
        _fake.AddVivid("video0");
        var looks = 0;
        var time = new ManualTime();
        using var catalog = new DeviceCatalog(Scan((path, _) => new DeviceProbe { Role = DeviceRole.Capture, Driver = "v4l2 loopback", Name = $"look {++looks}" }, time),
            new VirtualCameraOptions(), new DevicesOptions(), null, time);
        await catalog.RescanAsync(Cancellation);

        time.Pass(TimeSpan.FromSeconds(1));
        await catalog.FreshenAsync(Cancellation);

        Assert.Equal("look 2", catalog.All[0].Name);
    }

    [Fact]
    public async Task The_catalog_lists_kernel_devices_then_virtual_ones_and_tells_of_changes_alone()
    {
        _fake.AddVivid("video0");
        using var catalog = new DeviceCatalog(Scan(Found), new VirtualCameraOptions { Count = 1 }, new DevicesOptions(), null, TimeProvider.System);
        var changes = 0;
        catalog.Changed += () => changes++;
        Assert.Equal(["virtual:0"], catalog.All.Select(device => device.Node));

        await catalog.RescanAsync(Cancellation);
        await catalog.RescanAsync(Cancellation);

        Assert.Equal([Path.Combine(_fake.Dev, "video0"), "virtual:0"], catalog.All.Select(device => device.Node));
        Assert.Equal(1, changes);
        _fake.Unplug("video0");
        await catalog.RescanAsync(Cancellation);
        Assert.Equal(2, changes);
        Assert.Equal(["virtual:0", "platform-vivid.0"], catalog.All.Select(device => device.StableId));
        Assert.False(catalog.All[1].Online);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private DeviceScan Scan(Func<string, IReadOnlyList<ModeTable>, DeviceProbe> probe, TimeProvider? time = null) =>
        new(_fake.Sysfs, _fake.Dev, Ledger(), time ?? TimeProvider.System, (path, siblings, _) => probe(path, siblings));

    private static IdentityLedger Ledger() => new(_ => null, _ => null, (_, _) => { });

    private static DeviceProbe Found(string path, IReadOnlyList<ModeTable> siblings) => new()
    {
        Role = DeviceRole.Capture,
        Name = "A camera",
        Table = new ModeTable(
            "A camera", BufferType.VideoCapture, [PixelFormats.YUYV], [[new DeviceMode { Format = "YUYV", Width = 640, Height = 480, Rates = [30, 15] }]], true),
    };

    private static DeviceProbe Hang(ManualResetEventSlim never)
    {
        never.Wait(TimeSpan.FromMinutes(1), Cancellation);
        return new DeviceProbe { Role = DeviceRole.Other };
    }

    /// <summary>Time whose timers run a hundred times as fast.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime / 100, period);
    }

    public void Dispose() => _fake.Dispose();
}
