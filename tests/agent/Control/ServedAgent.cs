using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging.Abstractions;
using ThatDam.Agent.Capture;
using ThatDam.Agent.Control;
using ThatDam.Agent.Devices;
using ThatDam.Agent.Ffmpeg;
using ThatDam.Agent.Piping;
using ThatDam.Agent.Publishing;
using ThatDam.Agent.Recording;
using ThatDam.Agent.State;
using ThatDam.Agent.Tenancy;
using ThatDam.Contract;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Tests.Control;

/// <summary>The API, served on a socket in a directory of its own, with real state and virtual cameras.</summary>
internal sealed class ServedAgent : IAsyncDisposable
{
    private readonly StateDatabase _state;

    private ServedAgent(TemporaryDirectory directory, StateDatabase state, ControlServer server, AgentRooms rooms)
    {
        (Directory, _state, Server, Rooms) = (directory, state, server, rooms);
        Client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://agent/"), Timeout = TimeSpan.FromMinutes(1) };
    }

    public TemporaryDirectory Directory { get; }

    public string Socket => Directory["s"];

    public ControlServer Server { get; }

    public AgentRooms Rooms { get; }

    public HttpClient Client { get; }

    /// <summary>Where the figures are over TCP, if that was asked for.</summary>
    public IPEndPoint? Metrics { get; private init; }

    public static async Task<ServedAgent> StartAsync(int cameras = 1, Task? firstLook = null, Func<FfmpegStatus>? ffmpeg = null, int maxRecordings = 0, bool metrics = false)
    {
        var directory = new TemporaryDirectory();
        System.IO.Directory.CreateDirectory(directory["recordings"]);
        var state = StateDatabase.Open(directory["state"]);
        var devices = new DeviceCatalog(
            new DeviceScan(new DeviceIdentityStore(state), TimeProvider.System, NullLogger<DeviceScan>.Instance), new VirtualCameraOptions { Count = cameras }, new DevicesOptions(), null, TimeProvider.System);
        var sessions = new SessionRegistry(devices, new CameraStates(TimeProvider.System, NullLogger<CameraStates>.Instance), TimeProvider.System,
            (device, mode) => VirtualCamera.Open(device, mode, 8), source => TransportProbe.Choose(source, allowed: true), NullLogger<SessionRegistry>.Instance);
        var options = new FfmpegOptions { PoolSize = 0 };
        var pool = new FfmpegPool(options, TimeProvider.System, NullLogger<FfmpegPool>.Instance);
        var encoders = new EncoderCatalog(options, directory["state"], TimeProvider.System, NullLogger<EncoderCatalog>.Instance);
        var outbox = new EventOutbox(state, new OutboxOptions(), "desk", TimeProvider.System);
        var audit = new AuditLog(directory["state"], new AuditOptions(), state, NullLogger<AuditLog>.Instance);
        var tenancy = new TenancyOptions { MaxRecordings = maxRecordings };
        var output = new RecordingOptions { OutputDirectory = directory["recordings"] };
        var rooms = new AgentRooms
        {
            Devices = devices,
            FirstLook = firstLook ?? Task.CompletedTask,
            Sessions = sessions,
            Watch = () => null,
            Recorder = new Recorder(
                devices, sessions, new RecordingCommands(encoders, pool, options), pool, new OutputFolder(output),
                new RecordingLedger(state, outbox, TimeProvider.System, NullLogger<RecordingLedger>.Instance), new RecordingLimit(tenancy, outbox), TimeProvider.System, directory["state"], NullLogger<Recorder>.Instance),
            Outbox = outbox,
            Events = () => new EventsStatus
            {
                Connected = false,
                Pending = outbox.Figures().Pending,
                PendingBytes = 0,
                Confirmed = 0,
                Returned = 0,
                Dropped = 0,
                Coalesced = 0,
                Connections = 0,
            },
            CatchUpAudit = audit.CatchUp,
            VerifyAudit = audit.Verify,
            TellDevices = () => outbox.Commit(new CaptureDeviceList { Devices = [], Cause = "request" }),
            Tenancy = tenancy,
            Output = new OutputFolder(output),
            Operators = new Operators(new ControlOptions()),
            Started = TimeProvider.System.GetTimestamp(),
            Ffmpeg = ffmpeg ?? (() => new FfmpegStatus { Pool = new PoolStatus { Size = 1, Warm = 0, Hits = 0, Misses = 0 } }),
            Pulse = new ThatDam.Agent.Supervision.LoopPulse("control", TimeProvider.System),
            Loops = [new ThatDam.Agent.Supervision.LoopPulse("uevents", TimeProvider.System)],
            Version = "1.2.3",
            Time = TimeProvider.System,
        };
        var listen = metrics ? FreePort() : null;
        return new ServedAgent(directory, state, await ControlServer.StartAsync(new ControlOptions { Socket = directory["s"] }, new MetricsOptions { Listen = listen }, passed: null, rooms, NullLoggerFactory.Instance), rooms) { Metrics = listen };
    }

    private static IPEndPoint FreePort()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)listener.LocalEndPoint!;
    }

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type)
    {
        using var answer = await Client.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode} {text}");
        return JsonSerializer.Deserialize(text, type)!;
    }

    /// <summary>The problem that a request is answered with; checks what every problem must have.</summary>
    public async Task<Problem> ProblemAsync(HttpMethod method, string path, string? body = null, string mediaType = "application/json")
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, null, mediaType) };
        using var answer = await Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize(text, ContractJson.Default.Problem)!;
        Assert.Equal((int)answer.StatusCode, problem.Status);
        Assert.Equal($"urn:thatdam:problem:{problem.Code}", problem.Type);
        Assert.NotEmpty(problem.Title);
        Assert.NotEmpty(problem.Detail);
        return problem;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Server.EndStreams();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Server.StopAsync(patience.Token);
        await Server.DisposeAsync();
        Rooms.Devices.Dispose();
        _state.Dispose();
        Directory.Dispose();
    }
}
