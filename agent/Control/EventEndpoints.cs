using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.HttpResults;
using ThatDam.Agent.State;
using ThatDam.Contract;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Control;

/// <summary>/v1/events, /v1/stream/events and /v1/audit: what was committed, and how it gets out.</summary>
internal static class EventEndpoints
{
    private const int Batch = 256;
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    /// <param name="routes">Where to map.</param>
    /// <param name="rooms">What to tell of.</param>
    /// <param name="ending">The daemon ends: every stream closes.</param>
    public static void MapEvents(this IEndpointRouteBuilder routes, AgentRooms rooms, CancellationToken ending)
    {
        routes.MapGet("/v1/events/status", Ok<EventsStatus> () => TypedResults.Ok(rooms.Events()))
            .WithName("getEventsStatus").WithTags("events").WithSummary("The outbox and the broker").MayFail();

        routes.MapGet("/v1/audit", Ok<AuditReport> () => TypedResults.Ok(rooms.VerifyAudit()))
            .WithName("verifyAudit").WithTags("events").WithSummary("Reads the whole audit log, and says whether a line was removed, changed or reordered").MayFail(503);

        routes.MapGet("/v1/stream/events", async (HttpContext context, string? pattern, string? since, bool? follow, CancellationToken gone) =>
            {
                var place = since is null ? rooms.Outbox.LastPlace() : rooms.Outbox.PlaceOf(Since(since));
                await SendAsync(context.Response, rooms, Pattern(pattern ?? "#"), place, follow ?? true, gone, ending).ConfigureAwait(false);
            })
            .Produces<EventEnvelope>(200, "text/event-stream")
            .WithName("streamEvents").WithTags("streams")
            .WithSummary("Server-sent events, each named by its topic: what is committed from now on, or from 'since' on; with follow=false only what there is").MayFail(400, 422);
    }

    private static async Task SendAsync(
        HttpResponse response, AgentRooms rooms, string pattern, long place, bool follow, CancellationToken gone, CancellationToken ending)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        await response.Body.FlushAsync(gone).ConfigureAwait(false);
        var more = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Signal() => more.Writer.TryWrite(true);
        rooms.Outbox.Added += Signal;
        try
        {
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(gone, ending);
            while (true)
            {
                var last = ending.IsCancellationRequested;
                IReadOnlyList<OutboxEvent> events;
                while ((events = rooms.Outbox.After(place, Batch)).Count > 0)
                {
                    place = events[^1].Id;
                    foreach (var e in events.Where(e => Topics.Matches(pattern, e.Topic)))
                        await SendAsync(response.Body, e, gone).ConfigureAwait(false);
                    await response.Body.FlushAsync(gone).ConfigureAwait(false);
                }
                if (!follow || last || gone.IsCancellationRequested)
                    return;
                await WaitAsync(response.Body, more.Reader, rooms.Time, ends.Token, gone).ConfigureAwait(false);
            }
        }
        finally
        {
            rooms.Outbox.Added -= Signal;
        }
    }

    private static async Task SendAsync(Stream body, OutboxEvent e, CancellationToken gone)
    {
        using var parsed = JsonDocument.Parse(e.Body);
        var data = JsonSerializer.Serialize(new EventEnvelope(e.Topic, parsed.RootElement), ContractJson.Default.EventEnvelope);
        await body.WriteAsync(Encoding.UTF8.GetBytes($"id: {e.Id}\nevent: {e.Topic}\ndata: {data}\n\n"), gone).ConfigureAwait(false);
    }

    private static async Task WaitAsync(Stream body, ChannelReader<bool> more, TimeProvider time, CancellationToken ends, CancellationToken gone)
    {
        using var timeout = new CancellationTokenSource(KeepAlive, time);
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(ends, timeout.Token);
        try
        {
            await more.ReadAsync(wait.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // what there is is sent a last time
        }
        catch (OperationCanceledException)
        {
            // A comment that tells us of a client that has gone without a word.
            await body.WriteAsync(": still here\n\n"u8.ToArray(), gone).ConfigureAwait(false);
            await body.FlushAsync(gone).ConfigureAwait(false);
        }
    }

    private static string Pattern(string pattern) =>
        Topics.IsPattern(pattern)
            ? pattern
            : throw new ProblemException(
                422, "invalid_pattern", "Not a topic pattern", $"pattern: \"{pattern}\" is no topic pattern.",
                "Give words with dots between, * for any one word and # for any number: capture.#");

    private static DateTimeOffset Since(string since) =>
        DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new ProblemException(422, "invalid_time", "Not a time", $"since: \"{since}\" is no time.", "Give it as ISO 8601 has it: 2025-08-04T14:34:00Z");
}
