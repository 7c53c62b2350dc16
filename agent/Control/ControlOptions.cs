namespace ThatDam.Agent.Control;

/// <summary>[Control] of the configuration: where the daemon is spoken to.</summary>
public sealed record ControlOptions
{
    /// <summary>The path of the Unix socket, absolute.</summary>
    public string Socket { get; init; } = "/run/thatdam/capture.sock";
}
