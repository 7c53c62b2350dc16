using System.Text.Json.Serialization;

namespace ThatDam.Contract.Events;

/// <summary><c>capture.alive</c>: the daemon has started and reached the broker for the first time.</summary>
public sealed record CaptureAlive : ContractEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Topic => Topics.CaptureAlive;

    /// <summary>The daemon's version.</summary>
    public required string Version { get; init; }

    /// <summary>The devices at that moment; can be empty.</summary>
    public required IReadOnlyList<DeviceSummary> Devices { get; init; }
}
