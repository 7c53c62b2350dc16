namespace ThatDam.Agent.Control;

/// <summary>[Control] of the configuration: where the daemon is spoken to.</summary>
public sealed record ControlOptions
{
    /// <summary>The path of the Unix socket, absolute.</summary>
    public string Socket { get; init; } = "/run/thatdam/capture.sock";

    /// <summary>Who may change something besides root: users, and groups with <c>@</c>. None: everyone who may connect.</summary>
    public IReadOnlyList<string> Operators { get; init; } = [];
}
