using System.Collections.Concurrent;
using ThatDam.Agent.Devices;
using ThatDam.Agent.State;
using ThatDam.Contract;
using ThatDam.Native.V4L2;

namespace ThatDam.Agent.Tests.Devices;

/// <summary>A catalog over a fake of /sys, whose nodes answer what a test says, at once. Counts who was asked and what was told.</summary>
internal sealed class CatalogBed : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public CatalogBed() => Catalog = Open();

    public FakeSysfs Fake { get; } = new();

    public ManualTime Time { get; } = new();

    public DevicesOptions Options { get; set; } = new();

    public StateDatabase? Database { get; private set; }

    public DeviceCatalog Catalog { get; private set; }

    /// <summary>What nodes answer, by their name; else that they are a camera.</summary>
    public ConcurrentDictionary<string, Func<DeviceProbe>> Answers { get; } = [];

    /// <summary>Called first for each node that is asked, with what a probe calls when a camera has said its name.</summary>
    public Action<CameraNamed>? Naming { get; set; }

    /// <summary>Each node that was asked, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>Each thing that was told, in order: <c>changed</c>, <c>+ID</c>, <c>-ID</c>.</summary>
    public ConcurrentQueue<string> Told { get; } = [];

    public string Udev => _directory["udev"];

    public Device Camera => Catalog.All.Single(device => device.Kind == DeviceKind.V4L2);

    /// <summary>Ends the catalog, as a daemon that stops, and opens another over the same state.</summary>
    public void Restart()
    {
        Catalog.Dispose();
        Database?.Dispose();
        Catalog = Open();
    }

    public IReadOnlyList<string> TakeAsked()
    {
        string[] asked = [.. Asked];
        Asked.Clear();
        return asked;
    }

    public IReadOnlyList<string> TakeTold()
    {
        string[] told = [.. Told];
        Told.Clear();
        return told;
    }

    public static DeviceProbe Answer(string name = "A camera") => new()
    {
        Role = DeviceRole.Capture,
        Name = name,
        Bus = "usb-1",
        Table = new ModeTable(name, BufferType.VideoCapture, [PixelFormats.YUYV], [[new DeviceMode { Format = "YUYV", Width = 640, Height = 480, Rates = [30, 15] }]], true),
    };

    /// <summary>Waits until something is so.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var end = TimeProvider.System.GetTimestamp() + (30 * TimeProvider.System.TimestampFrequency);
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetTimestamp() < end, $"after 30 s still not: {what}");
            await Task.Delay(2, TestContext.Current.CancellationToken);
        }
    }

    private DeviceCatalog Open()
    {
        Database = StateDatabase.Open(_directory["state"]);
        var ids = new DeviceIdentityStore(Database);
        var ledger = new IdentityLedger(ids.Find, ids.KeyOf, (key, id) => ids.Keep(key, id));
        var scan = new DeviceScan(Fake.Sysfs, Fake.Dev, ledger, Time, (path, _, named) =>
        {
            var node = Path.GetFileName(path);
            Asked.Enqueue(node);
            Naming?.Invoke(named);
            return Answers.TryGetValue(node, out var answer) ? answer() : Answer();
        }, Udev);
        var catalog = new DeviceCatalog(scan, new VirtualCameraOptions(), Options, new KnownDeviceStore(Database), Time);
        catalog.Changed += () => Told.Enqueue("changed");
        catalog.Arrived += device => Told.Enqueue($"+{device.StableId}");
        catalog.Departed += device => Told.Enqueue($"-{device.StableId}");
        return catalog;
    }

    public void Dispose()
    {
        Catalog.Dispose();
        Database?.Dispose();
        Fake.Dispose();
        _directory.Dispose();
    }
}
