using Serilog.Events;

namespace ThatDam.Agent.Hosting;

/// <summary>[Log] of the configuration.</summary>
public sealed record LogOptions
{
    /// <summary>The least level that is written.</summary>
    public LogEventLevel Level { get; init; } = LogEventLevel.Information;
}
