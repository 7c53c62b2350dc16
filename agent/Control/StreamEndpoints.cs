using ThatDam.Agent.Capture;
using ThatDam.Contract;

namespace ThatDam.Agent.Control;

/// <summary>/v1/stream: what changes, as it changes.</summary>
internal static class StreamEndpoints
{
    // How soon somebody who watches the devices sees that one has come or gone.
    private static readonly TimeSpan DeviceLook = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan WhileRecording = TimeSpan.FromSeconds(1);

    // How long a recording that has ended is still told.
    private static readonly TimeSpan JustEnded = TimeSpan.FromSeconds(10);

    /// <param name="routes">Where to map.</param>
    /// <param name="rooms">What to tell of.</param>
    /// <param name="ending">The daemon ends: every stream tells the last state and closes.</param>
    public static void MapStreams(this IEndpointRouteBuilder routes, AgentRooms rooms, CancellationToken ending)
    {
        routes.MapGet("/v1/stream/devices", async (HttpContext context, CancellationToken gone) =>
            {
                await rooms.FirstLook.WaitAsync(gone).ConfigureAwait(false);
                await rooms.Devices.FreshenAsync(gone).ConfigureAwait(false);
                using var looking = rooms.Time.CreateTimer(tick => _ = rooms.Devices.FreshenAsync(gone), null, DeviceLook, DeviceLook);
                var stream = new EventStream(context.Response, "devices", rooms.Time, gone);
                rooms.Devices.Changed += stream.Signal;
                rooms.Sessions.Changed += stream.Signal;
                try
                {
                    await stream.SendAsync(
                        () => DeviceSummaries.List(rooms.Devices, rooms.Sessions, all: false), ContractJson.Default.DeviceList, _ => null, ending)
                        .ConfigureAwait(false);
                }
                finally
                {
                    rooms.Devices.Changed -= stream.Signal;
                    rooms.Sessions.Changed -= stream.Signal;
                }
            })
            .Produces<DeviceList>(200, "text/event-stream")
            .WithName("streamDevices").WithTags("streams").WithSummary("Server-sent events 'devices': the list on connect and on every change").MayFail();

        routes.MapGet("/v1/stream/recordings", async (HttpContext context, CancellationToken gone) =>
            {
                var stream = new EventStream(context.Response, "recordings", rooms.Time, gone);
                var view = new RecordingView(rooms);
                rooms.Recorder.Changed += stream.Signal;
                try
                {
                    await stream.SendAsync(
                        view.Now, ContractJson.Default.RecordingList, list => list.Recordings.Count > 0 ? WhileRecording : null, ending)
                        .ConfigureAwait(false);
                }
                finally
                {
                    rooms.Recorder.Changed -= stream.Signal;
                }
            })
            .Produces<RecordingList>(200, "text/event-stream")
            .WithName("streamRecordings").WithTags("streams")
            .WithSummary("Server-sent events 'recordings': those that run and those that have just ended, on connect, on every change, and once a second while any runs")
            .MayFail();
    }

    /// <summary>What one client sees: a recording that ended stays for a while, so that its end is seen.</summary>
    private sealed class RecordingView(AgentRooms rooms)
    {
        private List<Contract.Recording>? _ended;
        private HashSet<string> _active = [];

        public RecordingList Now()
        {
            // Those that ended before the client came are looked up once.
            _ended ??= [.. rooms.Recorder.List(activeOnly: false).Where(recording => recording.Stopped is not null)];
            var active = rooms.Recorder.List(activeOnly: true);
            var ids = active.Select(recording => recording.Id).ToHashSet();
            _ended.InsertRange(0, _active.Where(id => !ids.Contains(id)).Select(rooms.Recorder.Get));
            _active = ids;
            var since = rooms.Time.GetUtcNow() - JustEnded;
            _ended.RemoveAll(recording => ids.Contains(recording.Id) || recording.Stopped < since);
            return new RecordingList([.. active, .. _ended]);
        }
    }
}
