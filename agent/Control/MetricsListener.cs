using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ThatDam.Contract;

namespace ThatDam.Agent.Control;

/// <summary>The figures over TCP, for a Prometheus that reaches no Unix socket: <c>/metrics</c> and <c>/v1/health</c>, and nothing else.</summary>
internal static class MetricsListener
{
    /// <summary>Listens, if that is asked for.</summary>
    public static void ListenForMetrics(this KestrelServerOptions kestrel, MetricsOptions options)
    {
        if (options.Listen is { } place)
            kestrel.Listen(place, listen => listen.Protocols = HttpProtocols.Http1);
    }

    /// <summary>Turns away what comes over TCP and is not about figures. First in the pipeline, for who asks there is nobody in particular.</summary>
    public static void UseMetricsListener(this WebApplication app, AgentRooms rooms) => app.MapWhen(context => context.Connection.LocalIpAddress is not null, branch => branch.Run(async context =>
    {
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        if (isRead && context.Request.Path == "/metrics")
        {
            context.Response.ContentType = MetricsText.MediaType;
            await context.Response.WriteAsync(MetricsText.Of(Metrics.Of(rooms)), context.RequestAborted).ConfigureAwait(false);
        }
        else if (isRead && context.Request.Path == "/v1/health")
        {
            var health = HealthEndpoints.Health(rooms);
            context.Response.StatusCode = health.Status == "failing" ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
            await context.Response.WriteAsJsonAsync(health, ContractJson.Default.HealthStatus, cancellationToken: context.RequestAborted).ConfigureAwait(false);
        }
        else
        {
            context.Response.StatusCode = isRead ? StatusCodes.Status404NotFound : StatusCodes.Status405MethodNotAllowed;
            await context.Response.WriteAsync("Here are /metrics and /v1/health; the rest is on the control socket.\n", context.RequestAborted).ConfigureAwait(false);
        }
    }));

    /// <summary>Says so where other machines reach it.</summary>
    public static void Warn(MetricsOptions options, ILogger log)
    {
        if (options.Listen is { } place && !IPAddress.IsLoopback(place.Address))
            log.LogWarning("[Metrics] Listen={Place}: whoever reaches it over the network may read the figures, without a password; 127.0.0.1 keeps them on this machine", place);
    }

    /// <summary>Told when it cannot listen there.</summary>
    public static ProblemException BindProblem(IPEndPoint place, Exception e) => new(500, "metrics_unavailable", "No metrics", $"[Metrics] Listen={place} cannot be listened on: {e.Message}",
        "Another program may be there (ss -ltnp names it), or this machine has no such address. Choose another, or leave the key out.");
}
