using System.Text.Json.Serialization;

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
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(bool?))] // of a query, in the API's description
public sealed partial class ContractJson : JsonSerializerContext;
