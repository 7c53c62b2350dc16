namespace ThatDam.Agent.Publishing;

/// <summary>[Audit] of the configuration: how large <c>audit.log</c> grows in the state directory.</summary>
public sealed record AuditOptions
{
    /// <summary>Beyond this size a file is rotated: <c>audit.log</c> becomes <c>audit.log.1</c>, and so on. Bytes.</summary>
    public long MaxBytes { get; init; } = 16L << 20;

    /// <summary>How many files are kept, the current one included.</summary>
    public int Files { get; init; } = 64;
}
