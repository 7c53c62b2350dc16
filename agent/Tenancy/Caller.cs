namespace ThatDam.Agent.Tenancy;

/// <summary>
/// Who caused what happens now: the client of the request that is being answered, else the daemon itself. Follows the request through its
/// awaits; work that outlives the request begins with <see cref="Enter"/>.
/// </summary>
public sealed record Caller
{
    private static readonly AsyncLocal<Caller?> Ambient = new();

    /// <summary>The logical tenant namespace.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>uid:1000(name)</c>, or <c>capture-daemon@HOST</c>.</summary>
    public required string PrincipalId { get; init; }

    /// <summary>The trace that the request belongs to.</summary>
    public string? TraceId { get; init; }

    /// <summary>The request's own id.</summary>
    public string? RequestId { get; init; }

    /// <summary>What the client gave to correlate by.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The client's process; null for the daemon itself.</summary>
    public int? Pid { get; init; }

    /// <summary>The daemon itself. Set once, at the start, when the configuration is known.</summary>
    public static Caller Daemon { get; set; } = new() { TenantId = TenancyOptions.DefaultTenant, PrincipalId = $"{ServiceName}@{Environment.MachineName}" };

    /// <summary>What the contract calls this service.</summary>
    public const string ServiceName = "capture-daemon";

    /// <summary>Who causes what happens now.</summary>
    public static Caller Current => Ambient.Value ?? Daemon;

    /// <summary>From here on, in this flow of control and what it starts, this is the caller.</summary>
    public static void Enter(Caller caller) => Ambient.Value = caller;
}
