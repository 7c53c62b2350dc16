using System.Text.Json.Serialization;

namespace ThatDam.Contract.Events;

/// <summary><c>webapp.alive</c>, by video-web-app: the page has started.</summary>
public sealed record WebappAlive : ContractEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Topic => Topics.WebappAlive;

    /// <summary>The page's version.</summary>
    public required string Version { get; init; }

    /// <summary>The browser.</summary>
    public string? UserAgent { get; init; }
}
