using Microsoft.Extensions.Logging.Abstractions;
using ThatDam.Agent.Capture;
using ThatDam.Agent.Devices;
using ThatDam.Agent.Piping;
using ThatDam.Agent.Publishing;
using ThatDam.Agent.State;
using ThatDam.Agent.Tenancy;
using ThatDam.Agent.Tests.Devices;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Tests.Publishing;

/// <summary>What is told of devices, and when.</summary>
public sealed class DevicePublishersTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly StateDatabase _database;
    private readonly EventOutbox _outbox;
    private readonly DeviceCatalog _devices;
    private readonly CameraStates _states = new(TimeProvider.System, NullLogger<CameraStates>.Instance);
    private readonly SessionRegistry _sessions;

    private static SessionRegistry Sessions(DeviceCatalog devices, CameraStates states) => new(
        devices, states, TimeProvider.System, (device, mode) => VirtualCamera.Open(device, mode, 4), source => TransportProbe.Choose(source, allowed: false), NullLogger<SessionRegistry>.Instance);

    public DevicePublishersTests()
    {
        _database = StateDatabase.Open(_directory["state"]);
        _outbox = new EventOutbox(_database, new OutboxOptions(), "desk", TimeProvider.System);
        _devices = new DeviceCatalog(
            new DeviceScan(new DeviceIdentityStore(_database), TimeProvider.System, NullLogger<DeviceScan>.Instance), new VirtualCameraOptions { Count = 1 }, new DevicesOptions(), null, TimeProvider.System);
        _sessions = Sessions(_devices, _states);
    }

    [Fact]
    public async Task Each_state_of_a_camera_is_told_in_order()
    {
        using var states = new DeviceStatePublisher(_states, _outbox, TimeProvider.System, NullLogger<DeviceStatePublisher>.Instance);
        states.Start();
        Assert.Empty(Told());
        await (await _sessions.SubscribeAsync(_devices.Find("virtual:0"), new ModeRequest(), CancellationToken.None)).DisposeAsync();
        await states.Told();
        Assert.Equal([("closed", "opening"), ("opening", "closed")], Told());
    }

    [Fact]
    public async Task What_the_state_cannot_take_is_told_later_in_order_as_caused_by_whom_it_was()
    {
        using var publisher = new DeviceStatePublisher(_states, _outbox, TimeProvider.System, NullLogger<DeviceStatePublisher>.Instance);
        publisher.Start();
        // SQLite itself says that its disk is full when the file may not grow.
        _database.Read(transaction => transaction.Query("PRAGMA max_page_count = 1", row => 0));
        Caller.Enter(Caller.Daemon with { PrincipalId = "uid:1000(ann)" });
        _states.Move("virtual:0", "virtual:0", CameraState.Opening, new string('x', 100_000));
        Caller.Enter(Caller.Daemon);
        await publisher.Told();
        _states.Move("virtual:0", "virtual:0", CameraState.Streaming);
        await publisher.Told();
        Assert.Empty(Told());

        _database.Read(transaction => transaction.Query("PRAGMA max_page_count = 100000", row => 0));
        _outbox.Commit(new CaptureDeviceList { Devices = [], Cause = "request" });
        await CatalogBed.UntilAsync(() => Told().Count() == 2, "both told");
        Assert.Equal([("closed", "opening"), ("opening", "streaming")], Told());
        Assert.Equal(["uid:1000(ann)", Caller.Daemon.PrincipalId], Events<CaptureDeviceState>().Select(e => e.PrincipalId));
    }

    [Fact]
    public void The_list_is_told_at_the_start_and_when_asked_and_only_the_latest_waits()
    {
        using var list = new DeviceListPublisher(
            _devices, _sessions, _outbox, new OutboxOptions { DeviceListInterval = TimeSpan.Zero }, TimeProvider.System, NullLogger<DeviceListPublisher>.Instance);
        list.Start();
        Assert.Equal(["start"], Events<CaptureDeviceList>().Select(e => e.Cause));
        list.Tell("request");
        var told = Assert.Single(Events<CaptureDeviceList>());
        Assert.Equal(("request", 2L), (told.Cause, told.Seq!.Value));
        Assert.Equal("virtual:0", Assert.Single(told.Devices).Id);
        Assert.Empty(told.Devices[0].Modes);
        Assert.NotEmpty(told.Devices[0].Capabilities.Resolutions);
    }

    [Fact]
    public async Task The_list_is_told_every_now_and_then()
    {
        var told = new TaskCompletionSource();
        using var list = new DeviceListPublisher(
            _devices, _sessions, _outbox, new OutboxOptions { DeviceListInterval = TimeSpan.FromMilliseconds(50) }, TimeProvider.System, NullLogger<DeviceListPublisher>.Instance);
        _outbox.Added += () =>
        {
            if (Events<CaptureDeviceList>().Any(e => e.Cause == "interval"))
                told.TrySetResult();
        };
        list.Start();
        await told.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private IEnumerable<(string?, string)> Told() => Events<CaptureDeviceState>().Select(e => (e.Previous, e.State));

    private List<T> Events<T>()
        where T : ContractEvent => [.. _outbox.After(0, 100).Select(e => Topics.Parse(e.Topic, e.Body)).OfType<T>()];

    public void Dispose()
    {
        _devices.Dispose();
        _database.Dispose();
        _directory.Dispose();
    }
}
