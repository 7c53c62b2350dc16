using System.Text.Json.Serialization;

namespace ThatDam.Contract.Events;

/// <summary><c>video.ingest_job_created</c>, by video-api.</summary>
public sealed record VideoIngestJobCreated : ContractEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Topic => Topics.VideoIngestJobCreated;

    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>The file.</summary>
    public required string VideoPath { get; init; }

    /// <summary><c>recording</c> or <c>upload</c>.</summary>
    public string? Source { get; init; }
}
