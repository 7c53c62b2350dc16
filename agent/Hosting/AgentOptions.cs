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

    public LogOptions Log { get; init; } = new();
}
