using Serilog.Events;

namespace ThatDam.Agent.Hosting;

/// <summary>[Log] of the configuration.</summary>
public sealed record LogOptions
{
    /// <summary>The least level that is written.</summary>
    public LogEventLevel Level { get; init; } = LogEventLevel.Information;

    /// <summary>Where it goes.</summary>
    public LogTarget Target { get; init; } = LogTarget.Auto;
}

/// <summary>Where the log goes.</summary>
public enum LogTarget
{
    /// <summary>To the journal under systemd, else to stderr.</summary>
    Auto,

    /// <summary>To the journal.</summary>
    Journal,

    /// <summary>To stderr.</summary>
    Stderr,
}
