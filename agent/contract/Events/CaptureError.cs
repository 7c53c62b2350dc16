using System.Text.Json;
using System.Text.Json.Serialization;

namespace ThatDam.Contract.Events;

/// <summary><c>capture.error</c>: a recording failed, a device failed, events were dropped.</summary>
public sealed record CaptureError : ContractEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Topic => Topics.CaptureError;

    /// <summary>The thing and the reason, for people.</summary>
    public required string Error { get; init; }

    /// <summary>A stable word for programs, such as <c>disk_full</c>; EVENTS.md lists them.</summary>
    public string? Code { get; init; }

    /// <summary>The device's node, if it is about one.</summary>
    public string? Device { get; init; }

    /// <summary>Who the device is.</summary>
    public string? StableId { get; init; }

    /// <summary>The recording, if it is about one.</summary>
    public string? RecordingId { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Remedy { get; init; }

    /// <summary>More, as the kind of error has it.</summary>
    public Dictionary<string, JsonElement>? Context { get; init; }
}
