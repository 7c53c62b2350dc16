using System.Text.Json;
using System.Text.Json.Nodes;
using ThatDam.Contract.Events;

namespace ThatDam.Contract.Tests;

/// <summary>Every JSON example of EVENTS.md is read, written again and validated.</summary>
public sealed class EventExampleTests
{
    /// <summary>Topic and number of each example of an event.</summary>
    public static TheoryData<string, int> Examples { get; } = [.. EventDocument.Topics.SelectMany(topic => topic.Value.Examples.Select((_, i) => (topic.Key, i)))];

    [Fact]
    public void Every_example_is_of_a_topic_or_a_device()
    {
        var known = EventDocument.Topics.Values.Append(EventDocument.Section("Device summary")).Sum(section => section.Examples.Count);

        Assert.Equal(known, EventDocument.Text.Split("```json").Length - 1);
        Assert.Equal(known, EventDocument.Text.Split("```").Length / 2);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_round_trips(string topic, int index)
    {
        var example = EventDocument.Topics[topic].Examples[index];
        var written = Topics.ToJson(Topics.Parse(topic, example));

        Assert.Equal(written, Topics.ToJson(Topics.Parse(topic, written)));
        Assert.DoesNotContain('\n', written);
        Keeps(JsonNode.Parse(example), JsonNode.Parse(written), exactly: example.Contains("\"event_id\"", StringComparison.Ordinal), topic);
    }

    [Fact]
    public void A_device_round_trips()
    {
        foreach (var (index, example) in EventDocument.Section("Device summary").Examples.Index())
        {
            var written = JsonSerializer.Serialize(JsonSerializer.Deserialize(example, ContractJson.Default.DeviceSummary)!, ContractJson.Default.DeviceSummary);
            Keeps(JsonNode.Parse(example), JsonNode.Parse(written), exactly: index > 0, "device");
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Fields_of_a_later_version_survive(string topic, int index)
    {
        var example = JsonNode.Parse(EventDocument.Topics[topic].Examples[index])!.AsObject();
        JsonNode Later() => JsonNode.Parse("""{"a":[1,2.50,null,"x"],"b":{}}""")!;
        example["a_later_field"] = Later();
        example["a_later_null"] = null;
        if (example["devices"] is JsonArray { Count: > 0 } devices)
        {
            devices[0]!["a_later_field"] = Later();
            devices[0]!["capabilities"]!["a_later_field"] = Later();
        }
        if (example["frames"] is { } frames)
            frames["a_later_field"] = Later();

        var written = Topics.ToJson(Topics.Parse(topic, example.ToJsonString()));

        Keeps(example, JsonNode.Parse(written), exactly: example.ContainsKey("event_id"), topic);
        Assert.Contains("2.50", written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_example_is_valid_to_a_validator_of_others()
    {
        var lines = EventDocument.Topics.SelectMany(topic => topic.Value.Examples.Select(example => Line(topic.Key, example)))
            .Concat(EventDocument.Section("Device summary").Examples.Select(example => Line("device-summary", example)));

        var (exitCode, stdout, stderr) = await Tool.RunAsync("validate.mjs", string.Join('\n', lines));

        Assert.True(exitCode == 0, stdout + stderr);
        Assert.Empty(stdout);
    }

    [Fact]
    public async Task What_this_program_writes_is_valid_too()
    {
        var lines = EventDocument.Topics.SelectMany(topic => topic.Value.Examples.Select(example => Line(topic.Key, Topics.ToJson(Topics.Parse(topic.Key, example)))));

        var (exitCode, stdout, stderr) = await Tool.RunAsync("validate.mjs", string.Join('\n', lines));

        Assert.True(exitCode == 0, stdout + stderr);
    }

    [Fact]
    public async Task An_invalid_event_is_told_by_its_line()
    {
        string With(string topic, string field, string? json)
        {
            var example = JsonNode.Parse(EventDocument.Topics[topic].Examples[^1])!.AsObject();
            example.Remove(field);
            if (json is not null)
                example[field] = JsonNode.Parse(json);
            return Line(topic, example.ToJsonString());
        }

        string[] wrong =
        [
            With("capture.error", "v", null), With("capture.error", "host", null), With("capture.error", "seq", null),
            With("capture.error", "tenant_id", null), With("capture.error", "principal_id", null), With("capture.error", "ts", null),
            With("capture.error", "error", null), With("capture.error", "v", "2"), With("capture.error", "v", "\"1\""), With("capture.error", "seq", "0"),
            With("capture.error", "ts", "\"2026-11-24T07:55:41+01:00\""), With("capture.error", "ts", "\"yesterday Z\""),
            With("capture.error", "event_id", "\"c023e9d0-f3a2-4a1d-8d6d-9e2a568a7bba\""), With("capture.error", "service", "\"video-api\""),
            With("capture.device_list", "devices", "[{}]"), With("capture.recording_stopped", "frames", "{}"), With("capture.segment.created", "final", null),
            """{"topic":"capture.no_such","event":{}}""", "not JSON",
        ];

        var (exitCode, stdout, _) = await Tool.RunAsync("validate.mjs", string.Join('\n', [With("capture.error", "code", null), .. wrong]));

        Assert.Equal(1, exitCode);
        Assert.Equal(wrong.Select((_, i) => $"line {i + 2}"), stdout.TrimEnd('\n').Split('\n').Select(line => line.Split(':')[0]));
    }

    [Fact]
    public async Task An_event_of_our_own_bears_an_id()
    {
        var lines = EventDocument.Topics["capture.alive"].Examples.Select(example => Line("capture.alive", example));

        var (exitCode, stdout, _) = await Tool.RunAsync("validate.mjs", string.Join('\n', lines), "--own");

        Assert.Equal((1, "line 1: capture.alive: without an event_id\n"), (exitCode, stdout));
    }

    private static string Line(string topic, string example) => $$"""{"topic":"{{topic}}","event":{{JsonNode.Parse(example)!.ToJsonString()}}}""";

    // Exactly, or with fields more: those that a summary of the seed does not have are written with their defaults.
    private static void Keeps(JsonNode? example, JsonNode? written, bool exactly, string path)
    {
        if (exactly)
        {
            Assert.True(JsonNode.DeepEquals(example, written), $"{path}:\n{example}\nwas written as\n{written}");
            return;
        }
        switch (example)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    Assert.True(written!.AsObject().ContainsKey(name), $"{path}.{name} is lost");
                    Keeps(value, written[name], false, $"{path}.{name}");
                }
                break;
            case JsonArray elements:
                Assert.Equal(elements.Count, written!.AsArray().Count);
                foreach (var (i, element) in elements.Index())
                    Keeps(element, written[i], false, $"{path}[{i}]");
                break;
            default:
                Assert.True(JsonNode.DeepEquals(example, written), $"{path}: {example} was written as {written}");
                break;
        }
    }
}
