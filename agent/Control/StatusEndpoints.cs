using Microsoft.AspNetCore.Http.HttpResults;
using ThatDam.Agent.Capture;
using ThatDam.Agent.Devices;
using ThatDam.Contract;
using ThatDam.Native.Errors;
using ThatDam.Native.Files;

namespace ThatDam.Agent.Control;

/// <summary>/v1/status.</summary>
internal static class StatusEndpoints
{
    public static void MapStatus(this IEndpointRouteBuilder routes, AgentRooms rooms)
    {
        var started = rooms.Time.GetUtcNow();
        var startedTicks = rooms.Time.GetTimestamp();
        routes.MapGet("/v1/status", Ok<AgentStatus> () => TypedResults.Ok(new AgentStatus
        {
            Version = rooms.Version,
            Pid = Environment.ProcessId,
            Started = started,
            UptimeS = Math.Round(rooms.Time.GetElapsedTime(startedTicks).TotalSeconds, 3),
            Devices = rooms.Devices.All.Count(device => device.Online && device.Role == DeviceRole.Capture),
            ActiveRecordings = rooms.Recorder.ActiveCount,
            Watch = rooms.Watch(),
            Cameras = Cameras(rooms),
            Events = rooms.Events(),
            Output = Output(rooms.Output.Path),
            Ffmpeg = rooms.Ffmpeg(),
        }))
            .WithName("getStatus").WithTags("status").WithSummary("The daemon's own state").MayFail();
    }

    // One that was forgotten is told of no more, unless something still waits for it.
    private static IReadOnlyList<CameraStatus> Cameras(AgentRooms rooms)
    {
        var known = rooms.Devices.All.Select(device => device.StableId).ToHashSet();
        return [.. rooms.Sessions.States.Status().Where(camera => known.Contains(camera.StableId) || camera.State != CameraStates.Word(CameraState.Closed))];
    }

    private static OutputDirectory Output(string path)
    {
        try
        {
            using var directory = DirectoryDescriptor.Open(path);
            return new OutputDirectory(path, directory.Space().FreeBytes, null);
        }
        catch (NativeException e)
        {
            return new OutputDirectory(path, null, $"{path}: {e.Reason}. Make it, or name another: --output DIR, or OutputDirectory= in [Recording].");
        }
    }
}
