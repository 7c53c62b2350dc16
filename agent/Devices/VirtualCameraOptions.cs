namespace ThatDam.Agent.Devices;

/// <summary>[VirtualCameras] of the configuration: the built-in test cameras.</summary>
public sealed record VirtualCameraOptions
{
    /// <summary>How many there are, <c>virtual:0</c> up.</summary>
    public int Count { get; init; }
}
