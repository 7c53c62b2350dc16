namespace ThatDam.Contract;

/// <summary>Answer to <c>GET /v1/health</c>: 200 when all is well or something outside is not, 503 when the daemon itself does not come round.</summary>
public sealed record HealthStatus
{
    /// <summary><c>ok</c>; <c>degraded</c>: it works, and something is wrong, see <see cref="Problems"/>; <c>failing</c>: a loop hangs.</summary>
    public required string Status { get; init; }

    /// <summary>The loops that the watchdog looks at.</summary>
    public required IReadOnlyList<LoopHealth> Loops { get; init; }

    /// <summary>What is wrong, in words.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}

/// <summary>A loop of the daemon.</summary>
/// <param name="Name"><c>uevents</c>, <c>control</c>, <c>recording</c>, <c>publishing</c>.</param>
/// <param name="AgeS">Seconds since it came round; 0 while it waits for something outside.</param>
public sealed record LoopHealth(string Name, double AgeS);
