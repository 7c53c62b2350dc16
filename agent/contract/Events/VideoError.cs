using System.Text.Json;
using System.Text.Json.Serialization;

namespace ThatDam.Contract.Events;

/// <summary><c>video.error</c>, by video-api.</summary>
public sealed record VideoError : ContractEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Topic => Topics.VideoError;

    /// <summary>The thing and the reason.</summary>
    public required string Error { get; init; }

    /// <summary>More, as the kind of error has it.</summary>
    public Dictionary<string, JsonElement>? Context { get; init; }
}
