using System.Text.Json;
using System.Text.Json.Serialization;

namespace ThatDam.Contract.Events;

/// <summary><c>video.ingest_job_completed</c>, by video-api.</summary>
public sealed record VideoIngestJobCompleted : ContractEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Topic => Topics.VideoIngestJobCompleted;

    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>The file.</summary>
    public required string VideoPath { get; init; }

    /// <summary>What was found out, such as a summary of its metadata.</summary>
    public Dictionary<string, JsonElement>? Result { get; init; }
}
