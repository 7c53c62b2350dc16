namespace ThatDam.Agent.Capture;

/// <summary>[Capture] of the configuration: how frames leave the driver.</summary>
public sealed record CaptureOptions
{
    /// <summary>Driver buffers asked for; the driver may give another number.</summary>
    public int Buffers { get; init; } = 8;

    /// <summary>Whether frames are spliced where that works (<c>auto</c>), or always copied (<c>off</c>).</summary>
    public bool ZeroCopy { get; init; } = true;
}
