using System.Text.Json;
using System.Text.Json.Nodes;
using ThatDam.Contract.Events;

namespace ThatDam.Contract.Tests;

public sealed class EventSchemasTests
{
    [Fact]
    public void Every_topic_has_its_schema_as_it_lies_in_the_tree()
    {
        Assert.Equal(Topics.All.Keys, EventSchemas.All.Keys);
        foreach (var (topic, schema) in EventSchemas.All)
        {
            Assert.Equal($"urn:thatdam:schema:{topic}", schema.GetProperty("$id").GetString());
            using var file = JsonDocument.Parse(File.ReadAllText(Tree.Path($"agent/contract/schemas/{topic}.schema.json")));
            Assert.True(JsonElement.DeepEquals(file.RootElement, schema), topic);
        }
    }

    [Fact]
    public void Every_schema_stands_alone()
    {
        foreach (var (topic, schema) in EventSchemas.All)
        {
            foreach (var reference in References(JsonNode.Parse(schema.GetRawText())))
            {
                Assert.StartsWith("#/$defs/", reference, StringComparison.Ordinal);
                Assert.True(schema.GetProperty("$defs").TryGetProperty(reference["#/$defs/".Length..], out _), $"{topic}: {reference}");
            }
        }
    }

    /// <summary>What the platform's registry reads: service, version, timestamp, and for each topic its name, description and schema.</summary>
    [Fact]
    public void The_registry_gets_the_topics_that_the_daemon_emits()
    {
        var time = new DateTimeOffset(2026, 11, 24, 7, 50, 0, TimeSpan.Zero);
        var json = Topics.ToJson(new EventsSchemas { Service = "capture-daemon", Ts = time, Version = "0.1.0", Timestamp = time, Schemas = EventSchemas.Emitted });
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;

        Assert.Equal(("capture-daemon", "0.1.0", "2026-11-24T07:50:00Z"), (Text(root, "service"), Text(root, "version"), Text(root, "timestamp")));
        Assert.Equal(
            Topics.All.Keys.Where(topic => !topic.StartsWith("video.", StringComparison.Ordinal) && !topic.StartsWith("webapp.", StringComparison.Ordinal)),
            root.GetProperty("schemas").EnumerateArray().Select(entry => Text(entry, "topic")));
        Assert.All(root.GetProperty("schemas").EnumerateArray(), entry =>
        {
            Assert.NotEmpty(Text(entry, "description"));
            Assert.True(JsonElement.DeepEquals(EventSchemas.All[Text(entry, "topic")], entry.GetProperty("schema")));
        });
    }

    /// <summary>ajv compiles each in its strict mode, their shared parts are the shared files', and AsyncAPI's parser finds no fault in what lies beside them.</summary>
    [Fact]
    public async Task Tools_of_others_accept_the_schemas_and_AsyncApi_has_every_topic()
    {
        var (exitCode, stdout, stderr) = await Tool.RunAsync("check.mjs");
        Assert.True(exitCode == 0, stdout + stderr);
        using var told = JsonDocument.Parse(stdout);
        var messages = told.RootElement.GetProperty("messages");

        Assert.Equal(Topics.All.Keys.Order(StringComparer.Ordinal), messages.EnumerateObject().Select(message => message.Name).Order(StringComparer.Ordinal));
        foreach (var (topic, message) in messages.EnumerateObject().Select(message => (message.Name, message.Value)))
        {
            Assert.Equal((topic, topic, $"urn:thatdam:schema:{topic}"), (Text(message, "name"), Text(message, "messageType"), Text(message, "schema")));
            Assert.Equal("routingKey events topic durable", Text(message, "exchange"));
            Assert.StartsWith($"`{Text(message, "publisher")}`", EventDocument.Topics[topic].Says("Publisher"), StringComparison.Ordinal);
            if (Text(message, "publisher") == "capture-daemon")
                Assert.Equal("2 mandatory", Text(message, "delivery"));
        }
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => member.Key == "$ref" ? [member.Value!.GetValue<string>()] : References(member.Value)),
        JsonArray elements => elements.SelectMany(References),
        _ => [],
    };
}
