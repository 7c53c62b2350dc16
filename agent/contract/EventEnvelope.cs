using System.Text.Json;

namespace ThatDam.Contract;

/// <summary>An event with its topic, as <c>GET /v1/stream/events</c> gives it: the event itself does not say its topic, for on the bus the routing key does.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Event">The event, as it is published.</param>
public sealed record EventEnvelope(string Topic, JsonElement Event);
