using System.Text.Json.Serialization;

namespace ThatDam.Contract.Events;

/// <summary><c>capture.device_state</c>: what a device does has changed.</summary>
public sealed record CaptureDeviceState : ContractEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Topic => Topics.CaptureDeviceState;

    /// <summary>The device's node.</summary>
    public required string Device { get; init; }

    /// <summary>What it does now: <c>closed</c>, <c>opening</c>, <c>streaming</c>, <c>stalled</c>, <c>lost</c>, <c>waiting</c>. More words may come.</summary>
    public required string State { get; init; }

    /// <summary>What it did before; null when it was not known.</summary>
    public string? Previous { get; init; }

    /// <summary>Who the device is.</summary>
    public string? StableId { get; init; }

    /// <summary>Why, where the state has a reason.</summary>
    public string? Reason { get; init; }
}
