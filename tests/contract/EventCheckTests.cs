using System.Text.Json;
using System.Text.Json.Nodes;

using ThatDam.Contract.Events;

namespace ThatDam.Contract.Tests;

public sealed class EventCheckTests
{
    private const string Stopped = """
        {"service":"capture-daemon","ts":"2026-11-24T07:50:41Z","v":1,"event_id":"019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071","host":"desk","seq":7,
        "tenant_id":"default","principal_id":"uid:1000(ann)","device":"/dev/video0","file":"/r/a.mp4","reason":"manual","segment":1,"final":true,
        "duration_s":5.5,"bytes":12,"frames":{"captured":1,"lost":0,"error":0,"dropped":0,"written":1},"a_later_field":{"a":[1]}}
        """;

    private static readonly string s_device = JsonSerializer.Serialize(Samples.Device, ContractJson.Default.DeviceSummary);

    public static TheoryData<string, string> Seed { get; } = new()
    {
        { Topics.CaptureAlive, """{"service":"capture-daemon","version":"1.1.4","ts":"2025-08-04T14:33:09Z","devices":[]}""" },
        { Topics.CaptureRecordingStarted, """{"service":"capture-daemon","ts":"2025-08-04T14:34:00Z","device":"/dev/video0","file":"/records/v.mp4"}""" },
        { Topics.CaptureError, """{"service":"capture-daemon","ts":"2025-08-04T14:34:00Z","error":"x","context":{"a":null}}""" },
        { Topics.VideoIngestJobCreated, """{"service":"video-api","ts":"2025-08-04T14:34:09Z","job_id":"c0","video_path":"/v.mp4","source":"recording"}""" },
    };

    [Theory]
    [MemberData(nameof(Seed))]
    public void What_the_seed_shows_keeps_the_contract(string topic, string json) => Assert.Empty(Faults(topic, json));

    [Fact]
    public void An_event_in_full_keeps_the_contract()
    {
        Assert.Empty(Faults(Topics.CaptureRecordingStopped, Stopped));
        Assert.Empty(Faults(Topics.CaptureDeviceList, $$"""{"service":"s","ts":"2026-11-24T07:50:41Z","devices":[{{s_device}}],"cause":null}"""));
    }

    [Theory]
    [InlineData("device", null, "field 'device' is missing")]
    [InlineData("file", "null", "field 'file' is null")]
    [InlineData("file", "7", "field 'file' is not text")]
    [InlineData("reason", "[]", "field 'reason' is not text")]
    [InlineData("segment", "1.5", "field 'segment' is not a whole number")]
    [InlineData("segment", "\"1\"", "field 'segment' is not a whole number")]
    [InlineData("final", "1", "field 'final' is not true or false")]
    [InlineData("duration_s", "\"5\"", "field 'duration_s' is not a number")]
    [InlineData("frames", "[]", "field 'frames' is not an object")]
    [InlineData("frames", """{"lost":"x"}""", "field 'frames.lost' is not a whole number")]
    [InlineData("service", null, "field 'service' is missing")]
    [InlineData("service", "\" \"", "field 'service' is empty")]
    [InlineData("service", "null", "field 'service' is null")]
    [InlineData("ts", null, "field 'ts' is missing")]
    [InlineData("ts", "\"yesterday\"", "field 'ts' is not a time (ISO 8601)")]
    [InlineData("event_id", "\"x\"", "field 'event_id' is not a UUID")]
    [InlineData("event_id", "\"c023e9d0-f3a2-4a1d-8d6d-9e2a568a7bba\"", "field 'event_id' is a UUID of version 4, not 7")]
    [InlineData("v", null, "field 'v' is missing")]
    [InlineData("v", "2", "field 'v' is 2, not 1")]
    [InlineData("host", null, "field 'host' is missing")]
    [InlineData("host", "null", "field 'host' is missing")]
    [InlineData("seq", null, "field 'seq' is missing")]
    [InlineData("seq", "0", "field 'seq' is 0, not 1 or more")]
    [InlineData("tenant_id", "\"\"", "field 'tenant_id' is empty")]
    [InlineData("principal_id", null, "field 'principal_id' is missing")]
    public void A_fault_names_its_field(string field, string? value, string fault)
    {
        JsonObject body = JsonNode.Parse(Stopped)!.AsObject();
        body.Remove(field);
        if (value is not null)
            body[field] = JsonNode.Parse(value);

        Assert.Equal([fault], Faults(Topics.CaptureRecordingStopped, body.ToJsonString()));
    }

    [Fact]
    public void Without_an_event_id_the_added_fields_may_be_missing_but_not_wrong()
    {
        const string Seed = """{"service":"s","ts":"2026-11-24T07:50:41Z","device":"d","file":"f"}""";

        Assert.Empty(Faults(Topics.CaptureRecordingStopped, Seed));
        Assert.Equal(["field 'seq' is not a whole number"], Faults(Topics.CaptureRecordingStopped, Seed.Replace("}", ",\"seq\":\"x\"}", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_fault_is_told_however_deep()
    {
        JsonObject device = JsonNode.Parse(s_device)!.AsObject();
        device.Remove("name");
        device["modes"]![0]!["width"] = "wide";

        Assert.Equal(
            ["field 'devices[1].name' is missing", "field 'devices[1].modes[0].width' is not a whole number", "field 'devices[2]' is null", "field 'ts' is missing"],
            Faults(Topics.CaptureDeviceList, $$"""{"service":"s","devices":[{{s_device}},{{device.ToJsonString()}},null]}""").OrderBy(Order));

        static int Order(string fault) => fault.Contains("name", StringComparison.Ordinal) ? 0
            : fault.Contains("width", StringComparison.Ordinal) ? 1 : fault.Contains("null", StringComparison.Ordinal) ? 2 : 3;
    }

    [Theory]
    [InlineData("capture.nothing", "{}", "topic 'capture.nothing' is not in the contract")]
    [InlineData("", "{}", "topic '' is not in the contract")]
    [InlineData(Topics.CaptureError, "[]", "the event is no object but an array")]
    [InlineData(Topics.CaptureError, "null", "the event is no object but null")]
    [InlineData(Topics.CaptureError, "\"x\"", "the event is no object but text")]
    public void What_is_no_event_of_the_contract_is_told_alone(string topic, string json, string fault) => Assert.Equal([fault], Faults(topic, json));

    [Theory]
    [InlineData("""{"service":"s","ts":"2026-11-24T07:50:41Z","error":"\ud800"}""")]
    [InlineData("""{"service":"s","ts":"2026-11-24T07:50:41Z","error":"e","\ud800":1}""")]
    public void Half_a_surrogate_pair_is_a_fault(string json) => Assert.NotEmpty(Faults(Topics.CaptureError, json));

    /// <summary>No record has a field whose type the check passes over.</summary>
    [Fact]
    public void Each_topics_required_fields_are_asked_for()
    {
        foreach (string topic in Topics.All.Keys)
        {
            string[] missing = [.. Topics.All[topic].Properties.Where(property => property.IsRequired).Select(property => $"field '{property.Name}' is missing")];
            Assert.Superset(missing.ToHashSet(), Faults(topic, "{}").ToHashSet());
        }
    }

    private static IReadOnlyList<string> Faults(string topic, string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return EventCheck.Faults(topic, document.RootElement);
    }
}
