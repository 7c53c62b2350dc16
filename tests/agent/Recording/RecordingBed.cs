using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using ThatDam.Agent.Capture;
using ThatDam.Agent.Devices;
using ThatDam.Agent.Ffmpeg;
using ThatDam.Agent.Piping;
using ThatDam.Agent.Recording;
using ThatDam.Agent.State;
using ThatDam.Agent.Tenancy;
using ThatDam.Agent.Tests.Devices;
using ThatDam.Contract;
using ThatDam.Contract.Events;
using ThatDam.Native.V4L2;

namespace ThatDam.Agent.Tests.Recording;

/// <summary>A recorder with real state, files and ffmpeg, over one camera that can be plugged in and out: its node is invented, its pictures are the virtual camera's.</summary>
internal sealed class RecordingBed : IAsyncDisposable
{
    public const string Node = "video0";

    private int _refusals;
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeSysfs _fake = new();
    private readonly StateDatabase _state;
    private readonly FfmpegPool _pool;
    private readonly EncoderCatalog _encoders;
    private readonly ConcurrentStack<FaultyCamera> _opened = new();

    private RecordingBed(CameraRule? rule)
    {
        Directory.CreateDirectory(Output);
        _state = StateDatabase.Open(_directory["state"]);
        var time = TimeProvider.System;
        var ids = new DeviceIdentityStore(_state);
        var scan = new DeviceScan(
            _fake.Sysfs, "/dev", new IdentityLedger(ids.Find, ids.KeyOf, (key, id) => ids.Keep(key, id)), time, (_, _, _) => Answer(), _directory["udev"]);
        Devices = new DeviceCatalog(scan, new VirtualCameraOptions(), new DevicesOptions { Cameras = rule is null ? [] : [rule] }, known: null, time);
        Sessions = new SessionRegistry(
            Devices, new CameraStates(time, NullLogger<CameraStates>.Instance), time, Open, source => TransportProbe.Choose(source, allowed: true),
            NullLogger<SessionRegistry>.Instance);
        var options = new FfmpegOptions { PoolSize = 0 };
        _pool = new FfmpegPool(options, time, NullLogger<FfmpegPool>.Instance);
        _encoders = new EncoderCatalog(options, _directory["state"], time, NullLogger<EncoderCatalog>.Instance);
        Outbox = new EventOutbox(_state, new OutboxOptions(), "desk", time);
        Ledger = new RecordingLedger(_state, Outbox, time, NullLogger<RecordingLedger>.Instance);
        Recorder = new Recorder(
            Devices, Sessions, new RecordingCommands(_encoders, _pool, options), _pool, new OutputFolder(new RecordingOptions { OutputDirectory = Output }),
            Ledger, new RecordingLimit(new TenancyOptions(), Outbox), time, _directory["state"], NullLogger<Recorder>.Instance);
    }

    public string Output => _directory["recordings"];

    public DeviceCatalog Devices { get; }

    public SessionRegistry Sessions { get; }

    public EventOutbox Outbox { get; }

    public RecordingLedger Ledger { get; }

    public Recorder Recorder { get; }

    /// <summary>The camera as it was last opened.</summary>
    public FaultyCamera Camera => _opened.TryPeek(out var camera) ? camera : throw new InvalidOperationException("It was never opened.");

    /// <summary>How often it was opened.</summary>
    public int Openings => _opened.Count;

    /// <summary>What opening it answers; null: it opens.</summary>
    public Exception? Refusal { get; set; }

    /// <summary>How often that was answered.</summary>
    public int Refusals => Volatile.Read(ref _refusals);

    /// <summary>Whether a camera that is opened gives no frame.</summary>
    public bool OpensSilent { get; set; }

    public HeldCameraStore Held => new(_state);

    public string StableId => Devices.All.Single().StableId;

    public static async Task<RecordingBed> StartAsync(CameraRule? rule = null, bool plugged = true)
    {
        var bed = new RecordingBed(rule);
        if (plugged)
            await bed.PlugAsync();
        return bed;
    }

    public static CameraRule Rule(CameraProfile? profile = null, bool onPlug = false, bool onReplug = false) => new()
    {
        Name = "desk",
        Match = new CameraMatch(CameraMatchKind.Name, "*"),
        Profile = profile ?? new CameraProfile { Codec = "mjpeg" },
        RecordOnPlug = onPlug,
        ResumeOnReplug = onReplug,
    };

    public async Task PlugAsync()
    {
        _fake.AddUsbCamera("1.2", "A1B2", [Node]);
        await Devices.LookAsync(LookScope.Of(Node));
    }

    /// <summary>The driver says it first, as drivers do; then the node goes.</summary>
    public async Task UnplugAsync()
    {
        if (_opened.TryPeek(out var camera))
            camera.Unplug();
        _fake.Unplug([Node]);
        await Devices.LookAsync(LookScope.Slow);
    }

    public Task<Contract.Recording> RecordAsync(RecordingRequest? request = null) => Recorder.StartAsync(
        (request ?? new RecordingRequest()) with { Device = Node, Codec = request?.Codec ?? "mjpeg" }, null, TestContext.Current.CancellationToken);

    public Task<Contract.Recording> StopAsync(Contract.Recording recording) =>
        Recorder.StopAsync(recording.Id, "manual", TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    /// <summary>Waits until a recording is so, and gives it.</summary>
    public async Task<Contract.Recording> UntilAsync(string id, Func<Contract.Recording, bool> isSo, string what)
    {
        await CatalogBed.UntilAsync(() => isSo(Recorder.Get(id)), what);
        return Recorder.Get(id);
    }

    /// <summary>Waits until its file of that number has more frames than given.</summary>
    public Task<Contract.Recording> FilledAsync(string id, int segment, int frames = 40) => UntilAsync(
        id, recording => recording.Segments.Count >= segment && recording.Segments[segment - 1].Frames is { } counts && counts.Captured > frames,
        $"file {segment} has {frames} frames");

    public IReadOnlyList<ContractEvent> Events() => [.. Outbox.After(0, 1000).Select(e => Topics.Parse(e.Topic, e.Body))];

    /// <summary>The ffmpeg processes of this program with that word in their command line, the oldest first.</summary>
    public static IReadOnlyList<int> Ffmpegs(string word) => [.. Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 0 && Words(pid).Contains(word))
        .Order()];

    private static string[] Words(int pid)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/cmdline")).Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private FaultyCamera Open(Device device, ModeRequest mode)
    {
        if (Refusal is { } refusal)
        {
            Interlocked.Increment(ref _refusals);
            throw refusal;
        }
        var camera = new FaultyCamera(VirtualCamera.Open(device, mode, 8));
        if (OpensSilent)
            camera.Silence();
        _opened.Push(camera);
        return camera;
    }

    private static DeviceProbe Answer() => new()
    {
        Role = DeviceRole.Capture,
        Name = "A camera",
        Bus = "usb-1",
        Table = new ModeTable("A camera", BufferType.VideoCapture, [PixelFormats.YUYV],
            [[new DeviceMode { Format = "YUYV", Width = 640, Height = 360, Rates = [30, 15] }, new DeviceMode { Format = "YUYV", Width = 320, Height = 180, Rates = [30] }]], true),
    };

    public async ValueTask DisposeAsync()
    {
        await Recorder.StopAllAsync("shutdown");
        await _pool.DisposeAsync();
        await _encoders.DisposeAsync();
        Ledger.Dispose();
        Devices.Dispose();
        _state.Dispose();
        _fake.Dispose();
        _directory.Dispose();
    }
}
