using System.Net;

namespace ThatDam.Agent.Control;

/// <summary>[Metrics] of the configuration: where the figures can be read besides the control socket.</summary>
public sealed record MetricsOptions
{
    /// <summary>An address and a port; null: nowhere else.</summary>
    public IPEndPoint? Listen { get; init; }
}
