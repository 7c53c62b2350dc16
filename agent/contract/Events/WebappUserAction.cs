using System.Text.Json;
using System.Text.Json.Serialization;

namespace ThatDam.Contract.Events;

/// <summary><c>webapp.user_action</c>, by video-web-app.</summary>
public sealed record WebappUserAction : ContractEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Topic => Topics.WebappUserAction;

    /// <summary>What the user did.</summary>
    public required string Action { get; init; }

    /// <summary>More, as the action has it.</summary>
    public Dictionary<string, JsonElement>? Context { get; init; }
}
