namespace ThatDam.Agent.Recording;

/// <summary>[Recording] of the configuration: where recordings go.</summary>
public sealed record RecordingOptions
{
    /// <summary>The directory, absolute.</summary>
    public string OutputDirectory { get; init; } = "/var/lib/thatdam/recordings";

    /// <summary>How long the daemon may have been away for what it recorded then to go on; zero: it never does.</summary>
    public TimeSpan ResumeWithin { get; init; } = TimeSpan.FromMinutes(2);
}
