using Microsoft.AspNetCore.Http.HttpResults;
using ThatDam.Agent.Capture;
using ThatDam.Contract;

namespace ThatDam.Agent.Control;

/// <summary>/v1/devices.</summary>
internal static class DeviceEndpoints
{
    public static void MapDevices(this IEndpointRouteBuilder routes, AgentRooms rooms)
    {
        routes.MapGet("/v1/devices", async Task<Ok<DeviceList>> (bool? all, CancellationToken cancel) =>
            {
                await rooms.FirstLook.WaitAsync(cancel).ConfigureAwait(false);
                await rooms.Devices.FreshenAsync(cancel).ConfigureAwait(false);
                return TypedResults.Ok(DeviceSummaries.List(rooms.Devices, rooms.Sessions, all ?? false));
            })
            .WithName("listDevices").WithTags("devices").WithSummary("The capture devices; with all=true every video node").MayFail(400);

        routes.MapGet("/v1/devices/{id}", async Task<Ok<DeviceSummary>> (string id, CancellationToken cancel) =>
            {
                await rooms.FirstLook.WaitAsync(cancel).ConfigureAwait(false);
                await rooms.Devices.FreshenAsync(cancel).ConfigureAwait(false);
                return TypedResults.Ok(DeviceSummaries.Of(rooms.Devices.Find(RouteName.Decode(id)), rooms.Sessions));
            })
            .WithName("getDevice").WithTags("devices").WithSummary("One device by path (its slashes as %2F), node name, stable id or a part of its name").MayFail(404, 409);

        routes.MapPost("/v1/devices/rescan", async Task<Ok<DeviceList>> (CancellationToken cancel) =>
            {
                await rooms.FirstLook.WaitAsync(cancel).ConfigureAwait(false);
                await rooms.Devices.RescanAsync(cancel).ConfigureAwait(false);
                rooms.TellDevices();
                return TypedResults.Ok(DeviceSummaries.List(rooms.Devices, rooms.Sessions, all: false));
            })
            .WithName("rescanDevices").WithTags("devices").WithSummary("Looks at every device again, and publishes the list").Changes("devices.rescan").MayFail(503, 507);
    }
}
