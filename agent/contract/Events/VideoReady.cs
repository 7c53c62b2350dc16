using System.Text.Json;
using System.Text.Json.Serialization;

namespace ThatDam.Contract.Events;

/// <summary><c>video.ready</c>, by video-api: it serves.</summary>
public sealed record VideoReady : ContractEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Topic => Topics.VideoReady;

    /// <summary>The service's version.</summary>
    public required string Version { get; init; }

    /// <summary>How it is: status, database and so on.</summary>
    public Dictionary<string, JsonElement>? Health { get; init; }
}
