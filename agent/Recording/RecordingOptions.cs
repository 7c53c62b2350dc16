namespace ThatDam.Agent.Recording;

/// <summary>[Recording] of the configuration: where recordings go.</summary>
public sealed record RecordingOptions
{
    /// <summary>The directory, absolute.</summary>
    public string OutputDirectory { get; init; } = "/var/lib/thatdam/recordings";
}
