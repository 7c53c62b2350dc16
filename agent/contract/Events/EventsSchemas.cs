using System.Text.Json;

namespace ThatDam.Contract.Events;

/// <summary><c>events.schemas</c>: the JSON Schemas of what a service emits, for the platform's registry. Told once per process, with the first <c>alive</c>.</summary>
public sealed record EventsSchemas : ContractEvent
{
    /// <inheritdoc/>
    public override string Topic => Topics.EventsSchemas;

    /// <summary>The service's version.</summary>
    public required string Version { get; init; }

    /// <summary>The registry's name for <see cref="ContractEvent.Ts"/>; the same time.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The JSON Schema (2020-12) of each topic.</summary>
    public required Dictionary<string, JsonElement> Schemas { get; init; }
}
