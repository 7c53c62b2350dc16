using Microsoft.AspNetCore.Http.HttpResults;
using ThatDam.Contract;

namespace ThatDam.Agent.Control;

/// <summary>/v1/recordings.</summary>
internal static class RecordingEndpoints
{
    public static void MapRecordings(this IEndpointRouteBuilder routes, AgentRooms rooms)
    {
        routes.MapGet("/v1/recordings", Ok<RecordingList> (bool? active) =>
                TypedResults.Ok(new RecordingList(rooms.Recorder.List(active ?? false))))
            .WithName("listRecordings").WithTags("recordings").WithSummary("Recordings, the latest first; with active=true those that have not ended").MayFail(400);

        routes.MapGet("/v1/recordings/{id}", Ok<Contract.Recording> (string id) => TypedResults.Ok(rooms.Recorder.Get(RouteName.Decode(id))))
            .WithName("getRecording").WithTags("recordings").WithSummary("One recording").MayFail(404);

        routes.MapPost("/v1/recordings", async Task<Created<Contract.Recording>> (HttpContext context) =>
            {
                var request = await RequestBody.ReadRecordingAsync(context).ConfigureAwait(false);
                context.SetTarget(request.Device);
                await rooms.FirstLook.WaitAsync(context.RequestAborted).ConfigureAwait(false);
                var recording = await rooms.Recorder.StartAsync(request, context.Access().LetThrough, context.RequestAborted).ConfigureAwait(false);
                return TypedResults.Created($"/v1/recordings/{Uri.EscapeDataString(recording.Id)}", recording);
            })
            .Accepts<RecordingRequest>("application/json")
            .WithName("startRecording").WithTags("recordings").WithSummary("Starts to record; answers when the first frame is in")
            .Changes("recording.start")
            .MayFail(400, 403, 404, 409, 413, 415, 422, 503, 504, 507);

        // The wait ends with the client, the stopping does not.
        routes.MapPost("/v1/recordings/{id}/stop", async Task<Ok<Contract.Recording>> (HttpContext context, string id, CancellationToken cancel) =>
            {
                var recording = RouteName.Decode(id);
                context.SetTarget(recording);
                if (rooms.Recorder.IsActive(recording))
                    context.Access().LetThrough();
                return TypedResults.Ok(await rooms.Recorder.StopAsync(recording, "manual", CancellationToken.None).WaitAsync(cancel).ConfigureAwait(false));
            })
            .WithName("stopRecording").WithTags("recordings").WithSummary("Stops a recording; answers when its file is final")
            .Changes("recording.stop").MayFail(404, 409);
    }
}
