using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

using ThatDam.Tests;

namespace ThatDam.Contract.Tests;

public sealed class ContractJsonTests
{
    [Fact]
    public void DeviceSummary_keeps_its_names_and_values() => Keeps(Samples.Device, ContractJson.Default.DeviceSummary, "DeviceSummary");

    [Fact]
    public void Recording_keeps_its_names_and_values() => Keeps(Samples.Recording, ContractJson.Default.Recording, "Recording");

    [Fact]
    public void RecordingRequest_keeps_its_names_and_values() => Keeps(Samples.Request, ContractJson.Default.RecordingRequest, "RecordingRequest");

    [Fact]
    public void AgentStatus_keeps_its_names_and_values() => Keeps(Samples.Status, ContractJson.Default.AgentStatus, "AgentStatus");

    [Fact]
    public void Problem_keeps_its_names_and_values() => Keeps(Samples.Problem, ContractJson.Default.Problem, "Problem");

    [Fact]
    public void Lists_have_one_member()
    {
        Assert.Equal(["devices"], Names(JsonSerializer.SerializeToNode(new DeviceList([Samples.Device]), ContractJson.Default.DeviceList)));
        Assert.Equal(["recordings"], Names(JsonSerializer.SerializeToNode(new RecordingList([Samples.Recording]), ContractJson.Default.RecordingList)));
        Assert.Equal("{\"devices\":[]}", JsonSerializer.Serialize(new DeviceList([]), ContractJson.Default.DeviceList));
    }

    /// <summary>The event contract's device summary, in full, and what the API adds to it.</summary>
    [Fact]
    public void A_device_has_the_event_contracts_fields_first()
    {
        JsonNode device = JsonSerializer.SerializeToNode(Samples.Device, ContractJson.Default.DeviceSummary)!;

        Assert.Equal(["id", "kind", "path", "name", "capabilities", "status", "last_seen"], Names(device).Take(7));
        Assert.Equal(["resolutions", "fps", "formats", "audio"], Names(device["capabilities"]));
        Assert.Superset(new HashSet<string>(["stable_id", "driver", "bus", "serial", "state", "modes"]), Names(device).ToHashSet());
        Assert.Equal(["format", "width", "height", "rates"], Names(device["modes"]![0]).Take(4));
    }

    [Fact]
    public void A_recording_has_the_promised_fields()
    {
        JsonNode recording = JsonSerializer.SerializeToNode(Samples.Recording, ContractJson.Default.Recording)!;

        Assert.Superset(
            new HashSet<string>(["id", "device", "file", "state", "codec", "container", "width", "height", "fps", "reason", "started", "stopped", "frames", "segments", "gaps"]),
            Names(recording).ToHashSet());
        Assert.Equal(["captured", "lost", "error", "dropped", "written"], Names(recording["frames"]));
        Assert.Equal(["index", "file", "started", "stopped", "bytes", "duration_s", "reason", "error", "frames"], Names(recording["segments"]![0]));
        Assert.Equal(["after", "started", "length_s", "reason"], Names(recording["gaps"]![0]));
    }

    [Fact]
    public void A_request_has_the_promised_fields() => Assert.Equal(
        ["device", "codec", "container", "width", "height", "fps", "bitrate", "crf", "duration_s", "resume", "label"],
        Names(JsonSerializer.SerializeToNode(Samples.Request, ContractJson.Default.RecordingRequest)));

    [Fact]
    public void What_is_not_there_is_left_out()
    {
        Assert.Equal("{}", JsonSerializer.Serialize(new RecordingRequest(), ContractJson.Default.RecordingRequest));
        JsonNode running = JsonSerializer.SerializeToNode(
            Samples.Recording with { Reason = null, Stopped = null, Error = null }, ContractJson.Default.Recording)!;
        Assert.Empty(Names(running).Intersect(["reason", "stopped", "error"]));
    }

    [Fact]
    public void A_field_of_a_newer_version_is_passed_over() => Assert.Equal(
        "x",
        JsonSerializer.Deserialize("""{"device":"x","a_later_field":{"a":[1]}}""", ContractJson.Default.RecordingRequest)!.Device);

    [Theory]
    [InlineData("""{"id":"x"}""")]
    [InlineData("""{"recordings":[{}]}""")]
    public void A_required_field_that_is_missing_is_an_error(string json)
    {
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, ContractJson.Default.DeviceSummary));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, ContractJson.Default.Recording));
    }

    [Fact]
    public void Text_that_a_terminal_would_act_on_is_escaped()
    {
        string json = JsonSerializer.Serialize(Samples.Device with { Name = "\u001b[2J\u202e\u2028カ" }, ContractJson.Default.DeviceSummary);

        Assert.All(json, character => Assert.InRange(character, ' ', '~'));
    }

    [Fact]
    public void A_problem_says_its_remedy_as_an_exception_too() => Assert.Equal(
        "the thing and the reason the remedy",
        new ProblemException(404, "x_not_found", "Not found", "the thing and the reason", "the remedy").Message);

    private static void Keeps<T>(T value, JsonTypeInfo<T> type, string name)
    {
        string json = JsonSerializer.Serialize(value, type);
        var indented = new JsonSerializerOptions(ContractJson.Default.Options) { WriteIndented = true };

        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize(json, type)!, type));
        Assert.Empty(Unset(JsonNode.Parse(json)));
        Snapshot.Matches(JsonSerializer.Serialize(value, (JsonTypeInfo<T>)indented.GetTypeInfo(typeof(T))) + "\n", name, method: "Keeps");
    }

    // A sample that leaves a field at its default proves nothing about it.
    private static IEnumerable<string> Unset(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Unset(member.Value)),
        JsonArray elements => elements.Count == 0 ? [elements.GetPath()] : elements.Take(1).SelectMany(Unset),
        null => ["null"],
        _ => [],
    };

    private static IEnumerable<string> Names(JsonNode? node) => node!.AsObject().Select(member => member.Key);
}
