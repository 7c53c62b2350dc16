using System.Text.Json.Serialization;
using ThatDam.Contract.Events;

namespace ThatDam.Contract;

/// <summary>The one JSON context of the contract: snake_case, absent instead of null, compact.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(DeviceSummary))]
[JsonSerializable(typeof(DeviceList))]
[JsonSerializable(typeof(Recording))]
[JsonSerializable(typeof(RecordingList))]
[JsonSerializable(typeof(RecordingRequest))]
[JsonSerializable(typeof(AgentStatus))]
[JsonSerializable(typeof(HealthStatus))]
[JsonSerializable(typeof(EventsStatus))]
[JsonSerializable(typeof(AuditReport))]
[JsonSerializable(typeof(RepairedFile))]
[JsonSerializable(typeof(EventEnvelope))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(bool?))] // of a query, in the API's description
[JsonSerializable(typeof(CaptureAlive))]
[JsonSerializable(typeof(CaptureDeviceList))]
[JsonSerializable(typeof(CaptureRecordingStarted))]
[JsonSerializable(typeof(CaptureRecordingStopped))]
[JsonSerializable(typeof(CaptureSegmentCreated))]
[JsonSerializable(typeof(CaptureDeviceState))]
[JsonSerializable(typeof(CaptureError))]
[JsonSerializable(typeof(EventsSchemas))]
[JsonSerializable(typeof(TenantAccess))]
[JsonSerializable(typeof(TenantLimit))]
[JsonSerializable(typeof(VideoIngestJobCreated))]
[JsonSerializable(typeof(VideoIngestJobCompleted))]
[JsonSerializable(typeof(VideoError))]
[JsonSerializable(typeof(VideoReady))]
[JsonSerializable(typeof(WebappAlive))]
[JsonSerializable(typeof(WebappUserAction))]
[JsonSerializable(typeof(WebappError))]
public sealed partial class ContractJson : JsonSerializerContext;
