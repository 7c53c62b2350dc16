using Serilog.Core;
using Serilog.Events;

namespace ThatDam.Agent.Hosting;

/// <summary>The least level that is logged; can be set while the daemon runs.</summary>
internal sealed class LogThreshold
{
    /// <summary>A threshold.</summary>
    public LogThreshold(LogEventLevel level) => Set(level);

    /// <summary>Of the daemon's own words.</summary>
    public LoggingLevelSwitch Own { get; } = new();

    /// <summary>Of what the web server says of itself: below a warning that is of no use to anyone.</summary>
    public LoggingLevelSwitch Server { get; } = new();

    /// <summary>Sets it, from now on.</summary>
    public void Set(LogEventLevel level)
    {
        Own.MinimumLevel = level;
        Server.MinimumLevel = level > LogEventLevel.Warning ? level : LogEventLevel.Warning;
    }
}
