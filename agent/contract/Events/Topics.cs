using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ThatDam.Contract.Events;

/// <summary>Every topic of the contract, and the record of each.</summary>
public static class Topics
{
    public const string CaptureAlive = "capture.alive";
    public const string CaptureDeviceList = "capture.device_list";
    public const string CaptureRecordingStarted = "capture.recording_started";
    public const string CaptureRecordingStopped = "capture.recording_stopped";
    public const string CaptureSegmentCreated = "capture.segment.created";
    public const string CaptureDeviceState = "capture.device_state";
    public const string CaptureError = "capture.error";
    public const string EventsSchemas = "events.schemas";
    public const string TenantAccess = "tenant.access";
    public const string TenantLimit = "tenant.limit";
    public const string VideoIngestJobCreated = "video.ingest_job_created";
    public const string VideoIngestJobCompleted = "video.ingest_job_completed";
    public const string VideoError = "video.error";
    public const string VideoReady = "video.ready";
    public const string WebappAlive = "webapp.alive";
    public const string WebappUserAction = "webapp.user_action";
    public const string WebappError = "webapp.error";

    /// <summary>The JSON type of each topic's record.</summary>
    public static IReadOnlyDictionary<string, JsonTypeInfo> All { get; } = new Dictionary<string, JsonTypeInfo>
    {
        [CaptureAlive] = ContractJson.Default.CaptureAlive,
        [CaptureDeviceList] = ContractJson.Default.CaptureDeviceList,
        [CaptureRecordingStarted] = ContractJson.Default.CaptureRecordingStarted,
        [CaptureRecordingStopped] = ContractJson.Default.CaptureRecordingStopped,
        [CaptureSegmentCreated] = ContractJson.Default.CaptureSegmentCreated,
        [CaptureDeviceState] = ContractJson.Default.CaptureDeviceState,
        [CaptureError] = ContractJson.Default.CaptureError,
        [EventsSchemas] = ContractJson.Default.EventsSchemas,
        [TenantAccess] = ContractJson.Default.TenantAccess,
        [TenantLimit] = ContractJson.Default.TenantLimit,
        [VideoIngestJobCreated] = ContractJson.Default.VideoIngestJobCreated,
        [VideoIngestJobCompleted] = ContractJson.Default.VideoIngestJobCompleted,
        [VideoError] = ContractJson.Default.VideoError,
        [VideoReady] = ContractJson.Default.VideoReady,
        [WebappAlive] = ContractJson.Default.WebappAlive,
        [WebappUserAction] = ContractJson.Default.WebappUserAction,
        [WebappError] = ContractJson.Default.WebappError,
    };

    /// <summary>An event as its message's body has it: one line of JSON, UTF-8.</summary>
    public static string ToJson(ContractEvent e) => JsonSerializer.Serialize(e, All[e.Topic]);

    /// <summary>The event that a body holds.</summary>
    /// <param name="topic">The routing key it came with.</param>
    /// <param name="json">The body.</param>
    /// <exception cref="JsonException">It is not that event.</exception>
    /// <exception cref="KeyNotFoundException">There is no such topic.</exception>
    public static ContractEvent Parse(string topic, string json) =>
        (ContractEvent?)JsonSerializer.Deserialize(json, All[topic]) ?? throw new JsonException("The event is null.");

    /// <summary>Whether a text is a pattern of AMQP's topic exchange, at most 255 characters of what topics are made of.</summary>
    public static bool IsPattern(string pattern) =>
        pattern.Length is > 0 and <= 255 && pattern.Split('.').All(word => word is "*" or "#" || (word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')));

    /// <summary>Whether a topic matches a pattern of AMQP's topic exchange: words between dots, <c>*</c> one word, <c>#</c> any number.</summary>
    public static bool Matches(string pattern, string topic) => Matches(pattern.Split('.'), topic.Split('.'));

    private static bool Matches(ReadOnlySpan<string> pattern, ReadOnlySpan<string> words)
    {
        if (pattern.IsEmpty)
            return words.IsEmpty;
        if (pattern[0] == "#")
            return Matches(pattern[1..], words) || (!words.IsEmpty && Matches(pattern, words[1..]));
        return !words.IsEmpty && (pattern[0] == "*" || pattern[0] == words[0]) && Matches(pattern[1..], words[1..]);
    }
}
