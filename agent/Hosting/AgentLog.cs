using Serilog;
using Serilog.Core;
using Serilog.Events;
using ThatDam.Agent.Hosting.Journal;

namespace ThatDam.Agent.Hosting;

/// <summary>The log: to the journal, or one line an event on stderr.</summary>
internal static class AgentLog
{
    /// <summary>Opens it.</summary>
    /// <param name="options">Where it goes.</param>
    /// <param name="threshold">The least level.</param>
    /// <param name="underSystemd">Whether the journal takes what is written to stderr: then it adds the time itself.</param>
    /// <param name="journalSocket">Where the journal listens.</param>
    /// <param name="stderr">Where lines go that the journal does not take; <see cref="Console.Error"/> when null.</param>
    public static Logger Create(LogOptions options, LogThreshold threshold, bool underSystemd, string journalSocket = JournalSink.StandardSocket, TextWriter? stderr = null)
    {
        var line = new LogLineFormatter(withTime: !underSystemd);
        var log = new LoggerConfiguration()
            .MinimumLevel.ControlledBy(threshold.Own)
            .MinimumLevel.Override("Microsoft", threshold.Server)
            // A failed start is told in words, by who knows the remedy.
            .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
            .Enrich.With(new CallerEnricher());
        return (GoesToJournal(options.Target, underSystemd, journalSocket)
            ? log.WriteTo.Journal(line, journalSocket, stderr)
            : log.WriteTo.Console(line, standardErrorFromLevel: LevelAlias.Minimum)).CreateLogger();
    }

    /// <summary>Whether stderr goes to the journal (systemd.exec(5), JOURNAL_STREAM).</summary>
    public static bool IsUnderSystemd => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("JOURNAL_STREAM"));

    /// <summary>Where the lines go: to the journal, or to stderr.</summary>
    internal static bool GoesToJournal(LogTarget target, bool underSystemd, string journalSocket) => target switch
    {
        LogTarget.Journal => true,
        LogTarget.Stderr => false,
        _ => underSystemd && File.Exists(journalSocket),
    };
}
