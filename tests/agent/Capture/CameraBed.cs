using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using ThatDam.Agent.Capture;
using ThatDam.Agent.Devices;
using ThatDam.Agent.Piping;
using ThatDam.Agent.Tests.Devices;
using ThatDam.Native.Errors;

namespace ThatDam.Agent.Tests.Capture;

/// <summary>FAKE cameras in a fake of /sys, opened through a real registry. A test says what each opening gives.</summary>
internal sealed class CameraBed : IDisposable
{
    public const string Id = "046d:0825-A-00";

    private readonly CatalogBed _catalogs = new();
    private int _signalLooks;

    public CameraBed(TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        States = new CameraStates(time, NullLogger<CameraStates>.Instance);
        States.Moved += Moves.Enqueue;
        Sessions = new SessionRegistry(Devices, States, time, Open, source => TransportProbe.Choose(source, allowed: true), NullLogger<SessionRegistry>.Instance,
            registry => new CameraReturn(Devices, States, time, NullLogger.Instance)
            {
                SignalFault = _ => Look(),
                ResetUsb = Reset,
                Hindrance = registry.Hindrance,
            });
    }

    public DeviceCatalog Devices => _catalogs.Catalog;

    public CameraStates States { get; }

    public SessionRegistry Sessions { get; }

    public ConcurrentQueue<CameraMove> Moves { get; } = [];

    /// <summary>What the next openings give; then cameras that stream on.</summary>
    public ConcurrentQueue<Func<FakeCamera>> Openings { get; } = [];

    public List<FakeCamera> Opened { get; } = [];

    public ConcurrentQueue<string> Resets { get; } = [];

    public Errno ResetFails { get; set; }

    /// <summary>What a reset does to the device besides.</summary>
    public Action OnReset { get; set; } = () => { };

    /// <summary>What is wrong with the signal of a camera that is not open.</summary>
    public volatile string? Fault;

    /// <summary>Set: to look at the signal takes until this is.</summary>
    public ManualResetEventSlim? Hang { get; set; }

    /// <summary>How often the signal was looked at.</summary>
    public int SignalLooks => Volatile.Read(ref _signalLooks);

    /// <summary>The states it has come into, in order.</summary>
    public IReadOnlyList<string> States_ => [.. Moves.Select(move => CameraStates.Word(move.To))];

    public Device Camera => Devices.Present(Id)!;

    public async Task PlugAsync(string node = "video0", int number = 2, string serial = "A")
    {
        _catalogs.Fake.AddUsbCamera("1", serial, [node], number: number);
        await Devices.RescanAsync(CancellationToken.None);
    }

    public async Task UnplugAsync(string node = "video0")
    {
        _catalogs.Fake.Unplug(node);
        await Devices.RescanAsync(CancellationToken.None);
    }

    /// <summary>Opens the camera and streams from it.</summary>
    public async Task<(Subscription Subscription, FakeConsumer Consumer)> StreamAsync(int hold = 0)
    {
        var subscription = await Sessions.SubscribeAsync(Camera, new ModeRequest(), TestContext.Current.CancellationToken);
        var consumer = new FakeConsumer(hold);
        subscription.Start(consumer);
        return (subscription, consumer);
    }

    public Task UntilAsync(CameraState state) => CatalogBed.UntilAsync(() => States.Of(Id) == state, $"{state}, but {States.Of(Id)}: {string.Join(" ", States_)}");

    public long Count(string rung) => Assert.Single(States.Status()).Recovery.GetValueOrDefault(rung);

    private string? Look()
    {
        Interlocked.Increment(ref _signalLooks);
        Hang?.Wait(TimeSpan.FromSeconds(60));
        return Fault;
    }

    private FakeCamera Open(Device device, ModeRequest request)
    {
        var camera = Openings.TryDequeue(out var opening) ? opening() : new FakeCamera(int.MaxValue);
        Opened.Add(camera);
        return camera;
    }

    private void Reset(string node)
    {
        if (ResetFails != Errno.None)
            throw new NativeException("open", node, ResetFails);
        Resets.Enqueue(node);
        OnReset();
    }

    public void Dispose() => _catalogs.Dispose();
}

/// <summary>FAKE: takes frames, and keeps the first few.</summary>
internal sealed class FakeConsumer(int hold) : IFrameConsumer
{
    private readonly TaskCompletionSource<StreamEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<KeptFrame> _kept = [];

    public string Name => "fake";

    public Task<StreamEnd> Ended => _ended.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public void Offer(in FrameOffer offer)
    {
        if (_kept.Count < hold && offer.TryHold(_kept.Count, out var kept))
            _kept.Add(kept);
        Thread.Yield();
    }

    public void Reap()
    {
    }

    void IFrameConsumer.Ended(StreamEnd end) => _ended.TrySetResult(end);
}
