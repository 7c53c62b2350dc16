using System.Collections.ObjectModel;
using ThatDam.Agent.Capture;
using ThatDam.Agent.Control;
using ThatDam.Agent.Devices;
using ThatDam.Agent.Ffmpeg;
using ThatDam.Agent.Publishing;
using ThatDam.Agent.Recording;
using ThatDam.Agent.State;
using ThatDam.Agent.Tenancy;

namespace ThatDam.Agent.Hosting;

/// <summary>The whole configuration: a section for each room that has one, with the defaults of that room.</summary>
public sealed record AgentOptions
{
    /// <summary>What was given, as it was written, by section and name with a dot between them. May hold a password: not for any log.</summary>
    internal IReadOnlyDictionary<string, string> Given { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    public TenancyOptions Tenancy { get; init; } = new();

    public StateOptions State { get; init; } = new();

    public OutboxOptions Events { get; init; } = new();

    public DevicesOptions Devices { get; init; } = new();

    public VirtualCameraOptions VirtualCameras { get; init; } = new();

    public CaptureOptions Capture { get; init; } = new();

    public FfmpegOptions Ffmpeg { get; init; } = new();

    public RecordingOptions Recording { get; init; } = new();

    public BrokerOptions Broker { get; init; } = new();

    public AuditOptions Audit { get; init; } = new();

    public ControlOptions Control { get; init; } = new();

    public MetricsOptions Metrics { get; init; } = new();

    public LogOptions Log { get; init; } = new();
}
