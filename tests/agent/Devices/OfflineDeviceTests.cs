using ThatDam.Agent.Devices;
using ThatDam.Agent.State;
using ThatDam.Contract;

namespace ThatDam.Agent.Tests.Devices;

/// <summary>Cameras that are gone.</summary>
public sealed class OfflineDeviceTests : IDisposable
{
    private const string Id = "046d:0825-A-00";

    private readonly CatalogBed _bed = new();

    [Fact]
    public async Task A_camera_that_is_gone_stays_as_offline_and_is_the_same_when_it_is_back()
    {
        _bed.Fake.AddUsbCamera("1", "A", ["video0", "video1"]);
        _bed.Answers["video0"] = () => CatalogBed.Answer() with { Inputs = [new DeviceInput(0, "HDMI", true, "ok")] };
        _bed.Answers["video1"] = () => new DeviceProbe { Role = DeviceRole.Metadata, Bus = "usb-1" };
        await _bed.Catalog.RescanAsync(Cancellation);
        _bed.Time.Pass(TimeSpan.FromMinutes(5));
        var goneAt = _bed.Time.GetUtcNow();

        _bed.Fake.Unplug("video0", "video1");
        await _bed.Catalog.LookAsync(LookScope.Marks with { IsPrompt = true });

        var offline = Assert.Single(_bed.Catalog.All);
        Assert.Equal((Id, false, goneAt, 1), (offline.StableId, offline.Online, offline.LastSeen, offline.Modes.Count));
        Assert.Null(offline.UsbNode);
        Assert.Null(offline.Inputs[0].Signal);
        Assert.Null(_bed.Catalog.Present(Id));

        _bed.Time.Pass(TimeSpan.FromMinutes(5));
        _bed.Fake.AddUsbCamera("1", "A", ["video4"], number: 7);
        await _bed.Catalog.LookAsync(LookScope.Marks);
        var back = Assert.Single(_bed.Catalog.All);
        Assert.Equal((Id, true, _bed.Time.GetUtcNow()), (back.StableId, back.Online, back.LastSeen));
        Assert.EndsWith("/video4", back.Node, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_its_going_was_not_told_it_was_last_seen_at_the_look_before()
    {
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        await _bed.Catalog.RescanAsync(Cancellation);
        _bed.Time.Pass(TimeSpan.FromMinutes(1));
        await _bed.Catalog.LookSlowlyAsync();
        var seen = _bed.Time.GetUtcNow();

        _bed.Fake.Unplug("video0");
        _bed.Time.Pass(TimeSpan.FromMinutes(1));
        await _bed.Catalog.LookSlowlyAsync();

        Assert.Equal(seen, _bed.Camera.LastSeen);
    }

    [Fact]
    public async Task It_is_still_known_after_a_restart()
    {
        _bed.Fake.AddUsbCamera("1", "A\u0001\"", ["video0"]);
        await _bed.Catalog.RescanAsync(Cancellation);
        _bed.Fake.Unplug("video0");
        await _bed.Catalog.LookAsync(LookScope.Marks);
        var before = _bed.Camera;

        _bed.Time.Pass(TimeSpan.FromDays(1));
        _bed.Restart();

        Assert.True(before.IsSameAs(_bed.Camera), $"{before}\n{_bed.Camera}");
        Assert.Equal(before.LastSeen, _bed.Camera.LastSeen);
        _bed.TakeTold();
        await _bed.Catalog.RescanAsync(Cancellation);
        Assert.Empty(_bed.TakeTold());
        Assert.Same(_bed.Camera, _bed.Catalog.Find(before.StableId));
    }

    [Fact]
    public async Task One_that_goes_while_the_daemon_is_down_was_last_seen_when_that_stopped()
    {
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        await _bed.Catalog.RescanAsync(Cancellation);
        _bed.Time.Pass(TimeSpan.FromMinutes(30));
        await _bed.Catalog.LookSlowlyAsync();
        var stopped = _bed.Time.GetUtcNow();

        _bed.Fake.Unplug("video0");
        _bed.Time.Pass(TimeSpan.FromDays(20));
        _bed.Restart();

        Assert.Equal((Id, false, stopped), (_bed.Camera.StableId, _bed.Camera.Online, _bed.Camera.LastSeen));
    }

    [Fact]
    public async Task It_is_forgotten_after_its_time_by_the_wall_clock_and_not_before()
    {
        _bed.Options = new DevicesOptions { ForgetAfter = TimeSpan.FromDays(2) };
        _bed.Restart();
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        _bed.Fake.AddUsbCamera("2", "B", ["video1"]);
        await _bed.Catalog.RescanAsync(Cancellation);
        _bed.Fake.Unplug("video0");
        await _bed.Catalog.LookAsync(LookScope.Marks with { IsPrompt = true });
        _bed.TakeTold();

        _bed.Time.SetWall(TimeSpan.FromDays(2) - TimeSpan.FromSeconds(1));
        await _bed.Catalog.LookSlowlyAsync();
        Assert.Equal(2, _bed.Catalog.All.Count);
        Assert.Empty(_bed.TakeTold());

        _bed.Time.SetWall(TimeSpan.FromSeconds(1));
        await _bed.Catalog.LookSlowlyAsync();
        Assert.Equal("046d:0825-B-00", Assert.Single(_bed.Catalog.All).StableId);
        Assert.Equal(["changed"], _bed.TakeTold());
        Assert.Equal(["046d:0825-B-00"], new KnownDeviceStore(_bed.Database!).List().Select(known => known.StableId));

        _bed.Fake.Unplug("video1");
        _bed.Time.SetWall(TimeSpan.FromDays(3));
        _bed.Restart();
        Assert.Empty(_bed.Catalog.All);
    }

    [Fact]
    public async Task With_no_time_at_all_it_is_gone_at_once()
    {
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        await _bed.Catalog.RescanAsync(Cancellation);
        _bed.Fake.Unplug("video0");
        await _bed.Catalog.LookAsync(LookScope.Marks);
        Assert.Single(_bed.Catalog.All);
        _bed.Options = new DevicesOptions { ForgetAfter = TimeSpan.Zero };
        _bed.Restart();
        Assert.Empty(_bed.Catalog.All);

        _bed.Fake.AddUsbCamera("2", "B", ["video0"]);
        await _bed.Catalog.RescanAsync(Cancellation);
        _bed.Fake.Unplug("video0");
        await _bed.Catalog.LookAsync(LookScope.Marks);

        Assert.Empty(_bed.Catalog.All);
    }

    [Fact]
    public async Task What_could_not_be_opened_is_not_remembered_nor_spoils_what_is()
    {
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        _bed.Fake.AddUsbCamera("2", "B", ["video1"]);
        _bed.Answers["video1"] = () => new DeviceProbe { Role = DeviceRole.Capture, Problem = "no permission", Denied = true };
        await _bed.Catalog.RescanAsync(Cancellation);
        _bed.Answers["video0"] = _bed.Answers["video1"];
        await _bed.Catalog.RescanAsync(Cancellation);
        Assert.All(_bed.Catalog.All, device => Assert.True(device.Denied));

        _bed.Fake.Unplug("video0", "video1");
        await _bed.Catalog.LookAsync(LookScope.Marks);

        var offline = Assert.Single(_bed.Catalog.All);
        Assert.Equal((Id, "A camera", null), (offline.StableId, offline.Name, offline.Problem));
    }

    [Fact]
    public async Task It_is_written_when_a_camera_comes_and_goes_and_not_with_each_look()
    {
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        await _bed.Catalog.RescanAsync(Cancellation);
        var written = Assert.Single(new KnownDeviceStore(_bed.Database!).List());

        _bed.Time.Pass(TimeSpan.FromMinutes(1));
        await _bed.Catalog.LookSlowlyAsync();

        Assert.Equal(written.LastSeen, Assert.Single(new KnownDeviceStore(_bed.Database!).List()).LastSeen);
        _bed.Time.Pass(TimeSpan.FromHours(1)); // but a crash costs no more than an hour
        await _bed.Catalog.LookSlowlyAsync();
        await _bed.Catalog.LookSlowlyAsync();
        Assert.True(Assert.Single(new KnownDeviceStore(_bed.Database!).List()).LastSeen >= written.LastSeen + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_state_that_takes_nothing_costs_nothing_but_the_memory()
    {
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        await _bed.Catalog.RescanAsync(Cancellation);
        _bed.Database!.Read(transaction => transaction.Query("PRAGMA query_only = 1", _ => true));

        _bed.Fake.Unplug("video0");
        await _bed.Catalog.LookAsync(LookScope.Marks);

        Assert.False(Assert.Single(_bed.Catalog.All).Online);
        _bed.Database!.Read(transaction => transaction.Query("PRAGMA query_only = 0", _ => true));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _bed.Dispose();
}
