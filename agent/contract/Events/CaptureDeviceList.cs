using System.Text.Json.Serialization;

namespace ThatDam.Contract.Events;

/// <summary><c>capture.device_list</c>: all known capture devices, on change, on request and every now and then.</summary>
public sealed record CaptureDeviceList : ContractEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Topic => Topics.CaptureDeviceList;

    /// <summary>The devices; can be empty.</summary>
    public required IReadOnlyList<DeviceSummary> Devices { get; init; }

    /// <summary>Why it is told: <c>start</c>, <c>change</c>, <c>request</c>, <c>interval</c>.</summary>
    public string? Cause { get; init; }
}
