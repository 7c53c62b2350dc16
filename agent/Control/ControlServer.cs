using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ThatDam.Contract;
using ThatDam.Native.Descriptors;

namespace ThatDam.Agent.Control;

/// <summary>The HTTP API on the Unix socket.</summary>
public sealed class ControlServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _streamsEnd;

    private ControlServer(WebApplication app, CancellationTokenSource streamsEnd) => (_app, _streamsEnd) = (app, streamsEnd);

    /// <summary>Cancelled when the process is asked to end (SIGTERM, SIGINT, SIGQUIT).</summary>
    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    /// <summary>Every route, such as <c>GET /v1/status</c>.</summary>
    internal IEnumerable<string> Routes =>
        from endpoint in ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        select $"{method} {endpoint.RoutePattern.RawText}";

    /// <summary>Serves, from the moment it returns.</summary>
    /// <param name="options">Where.</param>
    /// <param name="metrics">Where the figures can be read besides.</param>
    /// <param name="passed">
    /// A socket that listens already; its rights are its maker's. Owned from here on. Where it lies elsewhere than the configuration says, both are served.
    /// </param>
    /// <param name="rooms">What is served.</param>
    /// <param name="logs">Told what goes wrong.</param>
    /// <exception cref="ProblemException">The socket cannot be served on.</exception>
    public static async Task<ControlServer> StartAsync(ControlOptions options, MetricsOptions metrics, PassedDescriptor? passed, AgentRooms rooms, ILoggerFactory logs)
    {
        var own = passed is null || ControlSocket.PathOf(passed) != options.Socket;
        if (own)
            ControlSocket.Claim(options.Socket);
        var streamsEnd = new CancellationTokenSource();
        var app = Build(options, own, metrics, passed, rooms, logs, streamsEnd.Token);
        try
        {
            await app.StartAsync().ConfigureAwait(false);
            if (own)
                ControlSocket.OpenToGroup(options.Socket);
            MetricsListener.Warn(metrics, logs.CreateLogger("ThatDam.Agent.Control"));
            return new ControlServer(app, streamsEnd);
        }
        catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            streamsEnd.Dispose();
            // Kestrel names the place in its message.
            throw metrics.Listen is { } place && e.Message.Contains(place.ToString(), StringComparison.Ordinal)
                ? MetricsListener.BindProblem(place, e)
                : ControlSocket.BindProblem(options.Socket, e);
        }
    }

    /// <summary>Lets nobody in any more. Ends when every request has been answered and every stream has ended; see <see cref="EndStreams"/>.</summary>
    public Task StopAsync(CancellationToken cancel) => _app.StopAsync(cancel);

    /// <summary>Every stream tells the last state, then closes.</summary>
    public void EndStreams() => _streamsEnd.Cancel();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync().ConfigureAwait(false);
        _streamsEnd.Dispose();
    }

    private static WebApplication Build(
        ControlOptions options, bool own, MetricsOptions metrics, PassedDescriptor? passed, AgentRooms rooms, ILoggerFactory logs, CancellationToken streamsEnd)
    {
        // Empty: any other builder looks for appsettings.json, and watches every folder below the content root for it.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "thatdam-capture", ContentRootPath = "/" });
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, ApiMemory>();
        builder.Services.AddSingleton(logs);
        builder.Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMinutes(5));
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            var contract = ContractJson.Default.Options;
            json.SerializerOptions.PropertyNamingPolicy = contract.PropertyNamingPolicy;
            json.SerializerOptions.DefaultIgnoreCondition = contract.DefaultIgnoreCondition;
            json.SerializerOptions.NumberHandling = contract.NumberHandling;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ContractJson.Default);
        });
        builder.Services.AddDescription(rooms.Version);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.MaxRequestLineSize = 4 * 1024;
            kestrel.Limits.MaxConcurrentConnections = 256;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.ListenForMetrics(metrics);
            if (own)
                kestrel.ListenUnixSocket(options.Socket, listen => listen.Protocols = HttpProtocols.Http1);
            if (passed is not null)
                kestrel.ListenHandle((ulong)passed.Release(), listen => listen.Protocols = HttpProtocols.Http1);
        });

        var app = builder.Build();
        app.UseMetricsListener(rooms);
        app.UsePulse(rooms.Pulse);
        app.UseRouting();
        app.UseCallers(rooms.Tenancy);
        new AccessTrail(rooms, logs.CreateLogger("ThatDam.Agent.Control")).Use(app);
        app.UseProblems();
        app.UseOperators(rooms.Operators);
        app.MapStatus(rooms);
        app.MapHealth(rooms);
        app.MapDevices(rooms);
        app.MapRecordings(rooms);
        app.MapStreams(rooms, streamsEnd);
        app.MapEvents(rooms, streamsEnd);
        app.MapOpenApi();
        return app;
    }
}
