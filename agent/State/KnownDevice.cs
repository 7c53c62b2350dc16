using System.Text.Json.Serialization;
using ThatDam.Contract;

namespace ThatDam.Agent.State;

/// <summary>A camera as it was when it was there: what is still told of it when it is gone.</summary>
public sealed record KnownDevice
{
    /// <summary>Who it is.</summary>
    public required string StableId { get; init; }

    /// <summary>When it was last seen.</summary>
    public required DateTimeOffset LastSeen { get; init; }

    /// <summary>The node that it had.</summary>
    public required string Node { get; init; }

    /// <summary>The driver's name for it; may hold any character.</summary>
    public required string Name { get; init; }

    public string Driver { get; init; } = "";

    public string Bus { get; init; } = "";

    public string? Serial { get; init; }

    public string? Port { get; init; }

    public string? IdentifiedBy { get; init; }

    public bool Multiplanar { get; init; }

    public bool Audio { get; init; }

    public IReadOnlyList<DeviceMode> Modes { get; init; } = [];

    public IReadOnlyList<DeviceInput> Inputs { get; init; } = [];
}

/// <summary>The JSON of the store.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KnownDevice))]
internal sealed partial class KnownDeviceJson : JsonSerializerContext;
