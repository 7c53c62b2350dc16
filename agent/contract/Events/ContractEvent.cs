using System.Text.Json;
using System.Text.Json.Serialization;

namespace ThatDam.Contract.Events;

/// <summary>
/// What every event of the contract carries. The seed's events have <see cref="Service"/> and <see cref="Ts"/>; everything else here was
/// added, and is null in an event of an emitter that knows only the seed. Fields that this version does not know survive a read.
/// </summary>
public abstract record ContractEvent
{
    /// <summary>The version of the schemas that this project writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The topic: AMQP routing key and message type. No field of the payload; each record says so again, for attributes are not inherited.</summary>
    [JsonIgnore]
    public abstract string Topic { get; }

    /// <summary>Who emitted it, such as <c>capture-daemon</c>.</summary>
    [JsonPropertyOrder(-20)]
    public string Service { get; init; } = "";

    /// <summary>When it happened, UTC.</summary>
    [JsonPropertyOrder(-19)]
    [JsonConverter(typeof(UtcTime))]
    public DateTimeOffset Ts { get; init; }

    /// <summary>The schema's version: <see cref="CurrentVersion"/>.</summary>
    [JsonPropertyOrder(-18)]
    public int? V { get; init; }

    /// <summary>UUIDv7, equal to the AMQP message id. A message that comes twice has the same.</summary>
    [JsonPropertyOrder(-17)]
    public Guid? EventId { get; init; }

    /// <summary>The machine that emitted it.</summary>
    [JsonPropertyOrder(-16)]
    public string? Host { get; init; }

    /// <summary>Counts up for each host and device; events without a device count by themselves. A coalesced or dropped event leaves a gap.</summary>
    [JsonPropertyOrder(-15)]
    public long? Seq { get; init; }

    /// <summary>The logical tenant namespace.</summary>
    [JsonPropertyOrder(-14)]
    public string? TenantId { get; init; }

    /// <summary>The user or agent who caused it: <c>uid:1000(name)</c>, or <c>capture-daemon@HOST</c> where no request did.</summary>
    [JsonPropertyOrder(-13)]
    public string? PrincipalId { get; init; }

    /// <summary>The trace that the causing request belongs to.</summary>
    [JsonPropertyOrder(-12)]
    public string? TraceId { get; init; }

    /// <summary>The request that caused it.</summary>
    [JsonPropertyOrder(-11)]
    public string? RequestId { get; init; }

    /// <summary>What the client gave to correlate by.</summary>
    [JsonPropertyOrder(-10)]
    public string? CorrelationId { get; init; }

    /// <summary>Fields that this version does not know. Settable, for the source generator takes what is init-only for a parameter.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}
