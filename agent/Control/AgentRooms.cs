using ThatDam.Agent.Capture;
using ThatDam.Agent.Devices;
using ThatDam.Agent.Recording;
using ThatDam.Agent.State;
using ThatDam.Agent.Supervision;
using ThatDam.Agent.Tenancy;
using ThatDam.Contract;

namespace ThatDam.Agent.Control;

/// <summary>What the API speaks for.</summary>
public sealed record AgentRooms
{
    /// <summary>The devices.</summary>
    public required DeviceCatalog Devices { get; init; }

    /// <summary>Done when the devices have been looked at once. Requests about devices wait for it.</summary>
    public required Task FirstLook { get; init; }

    /// <summary>The cameras that stream.</summary>
    public required SessionRegistry Sessions { get; init; }

    /// <summary>How devices are followed.</summary>
    public required Func<WatchStatus?> Watch { get; init; }

    /// <summary>The recordings.</summary>
    public required Recorder Recorder { get; init; }

    /// <summary>The events that were committed.</summary>
    public required EventOutbox Outbox { get; init; }

    /// <summary>How the events do.</summary>
    public required Func<EventsStatus> Events { get; init; }

    /// <summary>Writes to the audit log what belongs there and is not there yet.</summary>
    public required Action CatchUpAudit { get; init; }

    /// <summary>Checks the whole audit log.</summary>
    public required Func<AuditReport> VerifyAudit { get; init; }

    /// <summary>Tells the device list, because a request asked for it.</summary>
    public required Action TellDevices { get; init; }

    /// <summary>The tenant.</summary>
    public required TenancyOptions Tenancy { get; init; }

    /// <summary>Where recordings go.</summary>
    public required OutputFolder Output { get; init; }

    /// <summary>Who may change something.</summary>
    public required Operators Operators { get; init; }

    /// <summary>How ffmpeg is.</summary>
    public required Func<FfmpegStatus> Ffmpeg { get; init; }

    /// <summary>The API's own.</summary>
    public required LoopPulse Pulse { get; init; }

    /// <summary>The loops that the watchdog looks at.</summary>
    public required IReadOnlyList<LoopPulse> Loops { get; init; }

    /// <summary>The daemon's version.</summary>
    public required string Version { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>When the daemon started, by the clock's timestamps.</summary>
    public required long Started { get; init; }
}
