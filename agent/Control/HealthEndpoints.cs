using Microsoft.AspNetCore.Http.HttpResults;
using ThatDam.Contract;
using ThatDam.Native.Errors;
using ThatDam.Native.Files;

namespace ThatDam.Agent.Control;

/// <summary>/v1/health and /metrics.</summary>
internal static class HealthEndpoints
{
    // The watchdog pokes every few seconds; without one a loop with nothing to do may sleep for a minute and more.
    private static readonly TimeSpan Hung = TimeSpan.FromMinutes(3);

    public static void MapHealth(this IEndpointRouteBuilder routes, AgentRooms rooms)
    {
        routes.MapGet("/v1/health", Results<Ok<HealthStatus>, JsonHttpResult<HealthStatus>> () =>
        {
            var health = Health(rooms);
            return health.Status == "failing"
                ? TypedResults.Json(health, ContractJson.Default.HealthStatus, statusCode: StatusCodes.Status503ServiceUnavailable)
                : TypedResults.Ok(health);
        })
            .WithName("getHealth").WithTags("status").WithSummary("Whether the daemon works").MayFail();
        routes.MapGet("/metrics", ContentHttpResult () => TypedResults.Text(MetricsText.Of(Metrics.Of(rooms)), MetricsText.MediaType))
            .WithName("getMetrics").WithTags("status").WithSummary("Figures for Prometheus, in its text format 0.0.4").MayFail();
    }

    /// <summary>How the loops are.</summary>
    public static IReadOnlyList<LoopHealth> Loops(AgentRooms rooms) => [.. rooms.Loops.Select(loop => new LoopHealth(loop.Name, Math.Round(loop.Age.TotalSeconds, 3)))];

    /// <summary>Whether the daemon works.</summary>
    public static HealthStatus Health(AgentRooms rooms)
    {
        var loops = Loops(rooms);
        List<string> problems = [.. Problems(rooms)];
        var hung = loops.Where(loop => loop.AgeS > Hung.TotalSeconds).ToList();
        return new HealthStatus
        {
            Status = hung.Count > 0 ? "failing" : problems.Count > 0 ? "degraded" : "ok",
            Loops = loops,
            Problems = [.. hung.Select(loop => $"The loop {loop.Name} has not come round for {loop.AgeS} s."), .. problems],
        };
    }

    private static IEnumerable<string> Problems(AgentRooms rooms)
    {
        if (rooms.Watch()?.Problem is { } watch)
            yield return watch;
        if (rooms.Events() is { Broker: not null, Problem: { } events })
            yield return events;
        if (rooms.Ffmpeg().Problem is { } ffmpeg)
            yield return ffmpeg;
        if (Output(rooms.Output.Path) is { } output)
            yield return output;
        foreach (var camera in rooms.Sessions.States.Status().Where(camera => camera.State is "stalled" or "lost" or "waiting"))
            yield return $"{camera.Device} is {camera.State}{(camera.Reason is { } reason ? $": {reason}" : "")}";
    }

    private static string? Output(string path)
    {
        try
        {
            using var directory = DirectoryDescriptor.Open(path);
            return directory.Space().FreeBytes > 0 ? null : $"{path} is full.";
        }
        catch (NativeException e)
        {
            return $"{path}: {e.Reason}.";
        }
    }
}
