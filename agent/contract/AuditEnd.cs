namespace ThatDam.Contract;

/// <summary>Where an audit log ends, as its writer knows it.</summary>
/// <param name="Lines">The number of its last line; 0 when there is none.</param>
/// <param name="Hash">The hash of that line; empty when there is none.</param>
public sealed record AuditEnd(long Lines, string Hash)
{
    /// <summary>A log without a line.</summary>
    public static AuditEnd None { get; } = new(0, "");
}
