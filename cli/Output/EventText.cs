using System.Text.Json;

using ThatDam.Contract;
using ThatDam.Contract.Events;

namespace ThatDam.Cli.Output;

/// <summary>Events in words, a line each. Read field by field: what is not as the contract has it is left out, or shown as it came.</summary>
internal static class EventText
{
    private const int TopicColumns = 26; // video.ingest_job_completed
    private const int DeviceColumns = 11; // /dev/video0

    /// <summary>Prints an event: when, which topic, which device, what.</summary>
    public static void Print(Terminal terminal, EventEnvelope envelope)
    {
        string topic = envelope.Topic;
        (string moment, string device, string summary, Style style) = Read(terminal, topic, envelope.Event);
        string line = $"{moment}  {Column(topic, TopicColumns)}  {Column(device, DeviceColumns)}  {PlainText.Of(summary)}".TrimEnd();
        terminal.Out.WriteLine(terminal.Paint(terminal.Width is { } width ? PlainText.Cut(line, width) : line, style));
    }

    private static string Column(string text, int columns) => PlainText.Pad(PlainText.Of(text), columns, right: false);

    private static (string Moment, string Device, string Summary, Style Style) Read(Terminal terminal, string topic, JsonElement e)
    {
        try
        {
            string moment = e.TryGetProperty("ts", out JsonElement ts) && ts.ValueKind == JsonValueKind.String
                && ts.TryGetDateTimeOffset(out DateTimeOffset time)
                ? terminal.Moment(time)
                : "when unknown       ";
            return (moment, Text(e, "device") ?? "", Summary(topic, e), StyleOf(topic, e));
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, which JSON can spell and no text can hold.
            return ("when unknown       ", "", e.GetRawText(), StyleOf(topic));
        }
    }

    private static string Summary(string topic, JsonElement e) => topic switch
    {
        Topics.CaptureAlive => Join(Labelled("version", Text(e, "version")), Devices(e)),
        Topics.CaptureDeviceList => Devices(e) + InBrackets(Text(e, "cause")),
        Topics.CaptureRecordingStarted => Join(Text(e, "file"), Labelled("segment", Text(e, "segment")), Mode(e), Labelled("alias", Text(e, "alias"))),
        Topics.CaptureRecordingStopped => Join(
            Text(e, "file") + InBrackets(Text(e, "reason")), Labelled("segment", Text(e, "segment")), Length(e), Size(e),
            Text(e, "final") == "false" ? "goes on" : null, Text(e, "error")),
        Topics.CaptureSegmentCreated => Join(Text(e, "file"), Labelled("segment", Text(e, "segment")), Length(e), Size(e)),
        Topics.CaptureDeviceState => Join(Text(e, "state"), Labelled("was", Text(e, "previous"))) + After(Text(e, "reason")),
        Topics.CaptureError => Text(e, "error") + (Text(e, "remedy") is { } remedy ? $"; remedy: {remedy}" : ""),
        Topics.EventsSchemas => $"version {Text(e, "version")}, {Counted(Count(e, "schemas"), "schema")}",
        Topics.TenantAccess =>
            $"{Text(e, "action")}{Of(Text(e, "target"))} by {Text(e, "principal_id") ?? "somebody unnamed"}: {Outcome(e)}",
        Topics.TenantLimit =>
            $"{Text(e, "limit")}: {Text(e, "used")} of {Text(e, "allowed")}, refused {Text(e, "action") ?? "a request"}{Of(Text(e, "target"))}"
            + $" by {Text(e, "principal_id") ?? "somebody unnamed"}",
        Topics.VideoIngestJobCreated => Join(Text(e, "video_path"), Labelled("job", Text(e, "job_id")), Text(e, "source")),
        Topics.VideoIngestJobCompleted => Join(Text(e, "video_path"), Labelled("job", Text(e, "job_id"))),
        Topics.VideoReady or Topics.WebappAlive => Join(Labelled("version", Text(e, "version")), Text(e, "user_agent")),
        Topics.WebappUserAction => Text(e, "action") ?? "",
        Topics.VideoError or Topics.WebappError => Text(e, "error") ?? "",
        _ => e.GetRawText(),
    };

    private static Style StyleOf(string topic) =>
        topic is Topics.CaptureError or Topics.VideoError or Topics.WebappError ? Style.Red : Style.None;

    private static Style StyleOf(string topic, JsonElement e) => topic switch
    {
        Topics.CaptureRecordingStopped when Text(e, "error") is not null => Text(e, "final") == "false" ? Style.Yellow : Style.Red,
        Topics.CaptureDeviceState when Text(e, "state") is { } state && ModeText.Style(state) is Style.Red or Style.Yellow => ModeText.Style(state),
        Topics.CaptureDeviceState when Text(e, "state") == "offline" => Style.Yellow,
        Topics.TenantAccess when Text(e, "allowed") != "true" => Style.Yellow,
        Topics.TenantLimit => Style.Yellow,
        _ => StyleOf(topic),
    };

    private static string Devices(JsonElement e) => Counted(Count(e, "devices"), "device");

    private static string Counted(int count, string what) => $"{Figures.Count(count)} {what}{(count == 1 ? "" : "s")}";

    private static string? Mode(JsonElement e)
    {
        string? codec = Text(e, "codec") is { } name ? name + (Text(e, "container") is { } container ? $" in {container}" : "") : null;
        string? size = Text(e, "width") is { } width && Text(e, "height") is { } height ? $"{width}x{height}" : null;
        string? fps = Number(e, "fps") is { } rate ? $"{Figures.Rate(rate)} fps" : null;
        string mode = Join(codec, size, fps);
        return mode.Length == 0 ? null : mode;
    }

    private static string? Length(JsonElement e) => Number(e, "duration_s") is { } seconds ? Figures.Elapsed(seconds) : null;

    private static string? Size(JsonElement e) =>
        e.TryGetProperty("bytes", out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long bytes)
            ? Figures.Bytes(bytes)
            : null;

    private static string Outcome(JsonElement e) => Text(e, "allowed") == "true"
        ? "done"
        : "refused" + InBrackets(Join(Text(e, "status"), Text(e, "code")) is { Length: > 0 } why ? why : null);

    private static string Join(params string?[] parts) => string.Join(", ", parts.Where(part => !string.IsNullOrEmpty(part)));

    private static string? Labelled(string label, string? value) => value is null ? null : $"{label} {value}";

    private static string InBrackets(string? text) => text is null ? "" : $" ({text})";

    private static string After(string? text) => text is null ? "" : $": {text}";

    private static string Of(string? text) => text is null ? "" : $" of {text}";

    private static string? Text(JsonElement e, string name) => !e.TryGetProperty(name, out JsonElement value) ? null : value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => null,
    };

    private static double? Number(JsonElement e, string name) =>
        e.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number)
            ? number
            : null;

    private static int Count(JsonElement e, string name) => !e.TryGetProperty(name, out JsonElement value) ? 0 : value.ValueKind switch
    {
        JsonValueKind.Array => value.GetArrayLength(),
        JsonValueKind.Object => value.GetPropertyCount(),
        _ => 0,
    };
}
