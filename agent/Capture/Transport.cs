namespace ThatDam.Agent.Capture;

/// <summary>How a camera's frames get into a pipe.</summary>
/// <param name="ZeroCopy">The kernel takes the driver's pages (vmsplice); otherwise they are copied (write).</param>
/// <param name="Reason">Why they are copied; null for zero copy.</param>
public sealed record Transport(bool ZeroCopy, string? Reason)
{
    /// <summary>The word that users see.</summary>
    public string Word => ZeroCopy ? "zero-copy" : "copy";
}
