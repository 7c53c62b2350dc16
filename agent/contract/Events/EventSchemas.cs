using System.Text.Json;

namespace ThatDam.Contract.Events;

/// <summary>The JSON Schemas (2020-12) of the topics, read from this assembly. Each stands alone: what it shares with others is in its <c>$defs</c>.</summary>
public static class EventSchemas
{
    /// <summary>The schema of each topic.</summary>
    public static IReadOnlyDictionary<string, JsonElement> All { get; } = Topics.All.Keys.ToDictionary(topic => topic, Read);

    /// <summary>What the daemon tells the registry: the topics that it emits itself, for an entry there belongs to the last who told it.</summary>
    public static IReadOnlyList<TopicSchema> Emitted { get; } =
    [
        .. from entry in All
           where entry.Key.Split('.')[0] is "capture" or "events" or "tenant"
           select new TopicSchema(entry.Key, entry.Value.GetProperty("description").GetString()!, entry.Value),
    ];

    private static JsonElement Read(string topic)
    {
        var name = $"{topic}.schema.json";
        using var stream = typeof(EventSchemas).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }
}
