using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

using ThatDam.Contract;

namespace ThatDam.Cli.Client;

/// <summary>What the daemon answered: JSON, kept as it came so that it can be passed on untouched.</summary>
/// <param name="Json">UTF-8.</param>
internal sealed record Answer(byte[] Json)
{
    /// <summary>An answer that damctl gives itself.</summary>
    public static Answer Of<T>(T value, JsonTypeInfo<T> type) => new(JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>The answer as a contract type.</summary>
    /// <exception cref="FailureException">It is not one.</exception>
    public T Read<T>(JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(Json, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw NotUnderstood(e.Message);
        }
    }

    /// <summary>The answer as an event with its topic.</summary>
    /// <exception cref="FailureException">It is not one.</exception>
    public EventEnvelope ReadEnvelope()
    {
        EventEnvelope envelope = Read(ContractJson.Default.EventEnvelope);
        return envelope.Topic is not null && envelope.Event.ValueKind == JsonValueKind.Object
            ? envelope
            : throw NotUnderstood("no event with its topic");
    }

    private static FailureException NotUnderstood(string reason) => new(
        ExitCode.Failure,
        $"the daemon's answer: not understood ({reason})",
        "damctl and thatdam-capture may be of different versions: compare `damctl --version` with `damctl status -o json`");
}
