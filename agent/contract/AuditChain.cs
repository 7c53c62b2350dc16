using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace ThatDam.Contract;

/// <summary>
/// The lines of the audit log: <c>{"n":7,"prev":"…","event":{…},"topic":"tenant.access"}</c>. <c>n</c> counts from 1 over all files,
/// <c>prev</c> is the SHA-256 of the line before in small hex, of its bytes without the newline, and empty in line 1; <c>event</c> is the
/// event as it is published. A line and the line before it can so be told from any others.
/// </summary>
public static class AuditChain
{
    /// <summary>The newest file's name; older ones are <c>audit.log.1</c>, <c>audit.log.2</c> and so on, the oldest with the highest number.</summary>
    public const string FileName = "audit.log";

    private const int HashLength = 64;

    /// <summary>One line, without its newline. The same arguments give the same bytes.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="previous">The hash of the line before; empty for line 1.</param>
    /// <param name="topic">The event's topic.</param>
    /// <param name="json">The event, one line of JSON; taken as it is.</param>
    /// <exception cref="ArgumentException">The event has more than one line.</exception>
    public static string Line(long number, string previous, string topic, string json)
    {
        if (json.AsSpan().ContainsAny('\n', '\r'))
            throw new ArgumentException("An event in the audit log is one line of JSON.", nameof(json));
        return string.Create(CultureInfo.InvariantCulture, $$"""{"n":{{number}},"prev":"{{previous}}","event":{{json}},"topic":"{{JsonEncodedText.Encode(topic)}}"}""");
    }

    /// <summary>The hash of a line that the next one carries.</summary>
    /// <param name="line">Without its newline.</param>
    public static string Hash(ReadOnlySpan<byte> line) => Convert.ToHexStringLower(SHA256.HashData(line));

    /// <summary>Reads what a line says of its place in the chain.</summary>
    /// <param name="line">Without its newline.</param>
    /// <param name="number">Its number.</param>
    /// <param name="previous">The hash of the line before.</param>
    /// <returns>False for anything but a line of an audit log.</returns>
    public static bool TryRead(ReadOnlySpan<byte> line, out long number, out string previous)
    {
        (number, previous) = (0, "");
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!(reader.Read() && reader.TokenType == JsonTokenType.StartObject))
                return false;
            if (!(Member(ref reader, "n"u8, JsonTokenType.Number) && reader.TryGetInt64(out number) && number > 0))
                return false;
            if (!Member(ref reader, "prev"u8, JsonTokenType.String))
                return false;
            previous = reader.GetString()!;
            if (previous.Length != (number == 1 ? 0 : HashLength) || !Member(ref reader, "event"u8, JsonTokenType.StartObject))
                return false;
            reader.Skip();
            return Member(ref reader, "topic"u8, JsonTokenType.String) && reader.Read() && reader.TokenType == JsonTokenType.EndObject && !reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or a string that is not UTF-8.
            return false;
        }
    }

    private static bool Member(ref Utf8JsonReader reader, ReadOnlySpan<byte> name, JsonTokenType type) =>
        reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(name) && reader.Read() && reader.TokenType == type;
}
