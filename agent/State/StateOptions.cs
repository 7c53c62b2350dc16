namespace ThatDam.Agent.State;

/// <summary>[State] of the configuration: where the daemon remembers.</summary>
public sealed record StateOptions
{
    /// <summary>The directory of <c>state.db</c>, absolute.</summary>
    public string Directory { get; init; } = "/var/lib/thatdam";
}
