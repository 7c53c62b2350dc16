using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace ThatDam.Agent.Hosting;

/// <summary>The log: one line an event, on stderr.</summary>
internal static class AgentLog
{
    /// <summary>Opens it.</summary>
    /// <param name="options">The least level.</param>
    /// <param name="underSystemd">Whether the journal takes the lines: then it adds the time itself.</param>
    public static Logger Create(LogOptions options, bool underSystemd) => new LoggerConfiguration()
        .MinimumLevel.Is(options.Level)
        // What the web server says of itself below this level is of no use to anyone.
        .MinimumLevel.Override("Microsoft", options.Level > LogEventLevel.Warning ? options.Level : LogEventLevel.Warning)
        // A failed start is told in words, by who knows the remedy.
        .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
        .WriteTo.Console(new LogLineFormatter(withTime: !underSystemd), standardErrorFromLevel: LevelAlias.Minimum)
        .CreateLogger();

    /// <summary>Whether stderr goes to the journal (systemd.exec(5), JOURNAL_STREAM).</summary>
    public static bool IsUnderSystemd => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("JOURNAL_STREAM"));
}
