using System.Text.Json;
using System.Text.Json.Serialization;

namespace ThatDam.Contract.Events;

/// <summary><c>webapp.error</c>, by video-web-app: an error of the page, or a failed call of an API.</summary>
public sealed record WebappError : ContractEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Topic => Topics.WebappError;

    /// <summary>The thing and the reason.</summary>
    public required string Error { get; init; }

    /// <summary>More, as the kind of error has it.</summary>
    public Dictionary<string, JsonElement>? Context { get; init; }
}
