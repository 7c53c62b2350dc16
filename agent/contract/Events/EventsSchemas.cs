using System.Text.Json;
using System.Text.Json.Serialization;

namespace ThatDam.Contract.Events;

/// <summary><c>events.schemas</c>: the JSON Schemas of what a service emits, for the platform's registry. Told once per process, with the first <c>alive</c>.</summary>
public sealed record EventsSchemas : ContractEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Topic => Topics.EventsSchemas;

    /// <summary>The service's version.</summary>
    public required string Version { get; init; }

    /// <summary>The registry's name for <see cref="ContractEvent.Ts"/>; the same time.</summary>
    [JsonConverter(typeof(UtcTime))]
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>One for each topic that the service emits.</summary>
    public required IReadOnlyList<TopicSchema> Schemas { get; init; }
}

/// <summary>A topic's entry in the registry.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Description">What it tells.</param>
/// <param name="Schema">Its JSON Schema (2020-12); stands alone.</param>
public sealed record TopicSchema(string Topic, string Description, JsonElement Schema);
