using ThatDam.Agent.Capture;
using ThatDam.Contract;

namespace ThatDam.Agent.Control;

/// <summary>What is measured, at one moment.</summary>
internal sealed record Metrics
{
    public required string Version { get; init; }

    public required TimeSpan Uptime { get; init; }

    public required IReadOnlyList<DeviceSummary> Devices { get; init; }

    public required IReadOnlyList<CameraStatus> Cameras { get; init; }

    public required IReadOnlyList<(string StableId, string Device, FrameTally Frames)> Tallies { get; init; }

    public required IReadOnlyList<Contract.Recording> Recordings { get; init; }

    public required long FfmpegLosses { get; init; }

    public required (IReadOnlyList<long> Counts, TimeSpan Sum) Syncs { get; init; }

    public required FfmpegStatus Ffmpeg { get; init; }

    public required EventsStatus Events { get; init; }

    public required WatchStatus? Watch { get; init; }

    public required IReadOnlyList<LoopHealth> Loops { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required long ResidentBytes { get; init; }

    public required TimeSpan Processor { get; init; }

    /// <summary>Reads them all.</summary>
    public static Metrics Of(AgentRooms rooms) => new()
    {
        Version = rooms.Version,
        Uptime = rooms.Time.GetElapsedTime(rooms.Started),
        Devices = DeviceSummaries.List(rooms.Devices, rooms.Sessions, all: false).Devices,
        Cameras = rooms.Sessions.States.Status(),
        Tallies = rooms.Sessions.Tallies(),
        Recordings = rooms.Recorder.List(activeOnly: true),
        FfmpegLosses = rooms.Recorder.FfmpegLosses,
        Syncs = (rooms.Recorder.Syncs.Counts, rooms.Recorder.Syncs.Sum),
        Ffmpeg = rooms.Ffmpeg(),
        Events = rooms.Events(),
        Watch = rooms.Watch(),
        Loops = HealthEndpoints.Loops(rooms),
        Now = rooms.Time.GetUtcNow(),
        ResidentBytes = Environment.WorkingSet,
        Processor = Environment.CpuUsage.TotalTime,
    };
}
