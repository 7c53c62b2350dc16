using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using ThatDam.Contract.Events;

namespace ThatDam.Contract.Tests;

/// <summary>EVENTS.md, the records and the schemas name the same topics and the same fields.</summary>
public sealed partial class EventDocumentTests
{
    public static TheoryData<string> Names { get; } = [.. Topics.All.Keys];

    [Fact]
    public void Every_topic_has_a_record_a_schema_and_a_section_and_none_has_one_alone()
    {
        var topics = Topics.All.Keys.Order(StringComparer.Ordinal);
        var constants = typeof(Topics).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);
        var records = typeof(ContractEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ContractEvent)));
        var files = Directory.GetFiles(Tree.Path("agent/contract/schemas")).Select(Path.GetFileName).Select(name => name!.Replace(".schema.json", "", StringComparison.Ordinal));
        var index = IndexRow().Matches(EventDocument.Text).Select(match => match.Groups[1].Value);

        Assert.Equal(topics, EventDocument.Topics.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(topics, constants.Order(StringComparer.Ordinal));
        Assert.Equal(topics, files.Except(["event", "device-summary", "frame-counts"]).Order(StringComparer.Ordinal));
        Assert.Equal(topics, index.Order(StringComparer.Ordinal));
        Assert.Equal(Topics.All.Values.Select(type => type.Type.Name).Order(StringComparer.Ordinal), records.Select(type => type.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_section_tells_topic_publisher_consumers_schema_and_an_example(string topic)
    {
        var section = EventDocument.Topics[topic];

        Assert.Equal($"`{topic}`", section.Says("Topic"));
        Assert.NotNull(section.Says("Publisher"));
        Assert.NotNull(section.Says("Consumers"));
        Assert.Equal($"[{topic}.schema.json](agent/contract/schemas/{topic}.schema.json)", section.Says("Schema"));
        Assert.NotEmpty(section.Examples);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_table_has_the_fields_of_the_record_and_of_the_schema(string topic)
    {
        var section = EventDocument.Topics[topic];
        var schema = EventSchemas.All[topic];
        var own = Fields(Topics.All[topic]).Except(OfEveryEvent);
        var required = schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()!);

        Assert.Equal(Sorted(own), Sorted(section.Fields.Select(field => field.Name).Except(["service"])));
        Assert.Equal(Sorted(own), Sorted(Fields(schema).Except(["service"])));
        Assert.Equal(Sorted(required), Sorted(section.Fields.Where(field => field.Required).Select(field => field.Name).Except(["service"])));
        // What the document calls added to a topic of the seed, an emitter that knows only the seed leaves out.
        if (Seed.Required.ContainsKey(topic))
            Assert.All(section.Fields.Where(field => field.Origin == "added"), field => Assert.False(field.Required, field.Name));
    }

    [Fact]
    public void The_tables_of_what_topics_share_have_the_fields_of_their_schemas_and_records()
    {
        Shared("Fields of every event", "event", OfEveryEvent);
        Shared("Device summary", "device-summary", Fields(ContractJson.Default.DeviceSummary));
        Shared("Frame counts", "frame-counts", Fields(ContractJson.Default.FrameCounts));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_example_in_full_has_every_field(string topic)
    {
        var traced = EventDocument.Topics[topic].Examples[^1];
        using var example = JsonDocument.Parse(traced);
        var fields = example.RootElement.EnumerateObject().Select(field => field.Name).ToHashSet();

        // An event that no request caused has none of these.
        Assert.Empty(Fields(Topics.All[topic]).Except(["trace_id", "request_id", "correlation_id"]).Except(fields));
        Assert.Contains(Fields(Topics.All[topic]), field => field == "trace_id");
    }

    [Fact]
    public void Every_link_leads_somewhere()
    {
        foreach (var target in Link().Matches(EventDocument.Text).Select(match => match.Groups[1].Value))
        {
            if (target[0] == '#')
                Assert.Contains(target[1..], EventDocument.Sections.Select(section => Anchor(section.Title)));
            else
                Assert.True(Path.Exists(Tree.Path(target)), target);
        }
    }

    [Theory]
    [MemberData(nameof(Seed.Topics), MemberType = typeof(Seed))]
    public void The_seeds_fields_are_kept(string topic)
    {
        var rows = EventDocument.Topics[topic].Fields.Concat(EventDocument.Section("Fields of every event").Fields).ToList();

        foreach (var field in Seed.Required[topic])
            Assert.Contains(rows, row => row.Name == field && row is { Origin: "seed", Required: true });
        foreach (var field in Seed.Optional.GetValueOrDefault(topic, []))
            Assert.Contains(rows, row => row.Name == field && row is { Origin: "seed", Required: false });
    }

    [Theory]
    [MemberData(nameof(Seed.Examples), MemberType = typeof(Seed))]
    public void The_seeds_examples_are_kept_verbatim(string section, string example) =>
        Assert.Equal(example, EventDocument.Section(section).Examples[0].TrimEnd('\n'));

    private static HashSet<string> OfEveryEvent { get; } = Topics.All.Values.Select(Fields).Aggregate((some, others) => some.Intersect(others)).ToHashSet();

    private static void Shared(string section, string name, IEnumerable<string> record)
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Tree.Path($"agent/contract/schemas/{name}.schema.json")));
        var rows = EventDocument.Section(section).Fields;
        var required = schema.RootElement.GetProperty("required").EnumerateArray().Select(field => field.GetString()!);

        Assert.Equal(Sorted(record), Sorted(rows.Select(row => row.Name)));
        Assert.Equal(Sorted(record), Sorted(Fields(schema.RootElement)));
        Assert.Equal(Sorted(required), Sorted(rows.Where(row => row.Required).Select(row => row.Name)));
    }

    private static IEnumerable<string> Fields(JsonTypeInfo type) => type.Properties.Where(property => !property.IsExtensionData && property.Get is not null).Select(property => property.Name);

    private static IEnumerable<string> Fields(JsonElement schema) => schema.GetProperty("properties").EnumerateObject().Select(field => field.Name);

    private static IEnumerable<string> Sorted(IEnumerable<string> names) => names.Order(StringComparer.Ordinal);

    // As GitHub makes them: lower case, spaces to hyphens, no other punctuation.
    private static string Anchor(string title) => NotInAnchor().Replace(title.ToLowerInvariant().Replace(' ', '-'), "");

    [GeneratedRegex(@"^\| \[`([^`]+)`\]", RegexOptions.Multiline)]
    private static partial Regex IndexRow();

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("[^a-z0-9_-]")]
    private static partial Regex NotInAnchor();
}
