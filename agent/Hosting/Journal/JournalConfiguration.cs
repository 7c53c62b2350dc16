using Serilog;
using Serilog.Configuration;
using Serilog.Formatting;

namespace ThatDam.Agent.Hosting.Journal;

/// <summary>Names the journal in Serilog's configuration: <c>WriteTo.Journal(…)</c>.</summary>
internal static class JournalConfiguration
{
    /// <summary>Writes to systemd's journal, and to stderr while that does not take it. See <see cref="JournalSink"/>.</summary>
    /// <param name="to">The configuration.</param>
    /// <param name="fallback">The form of a line on stderr.</param>
    /// <param name="socket">Where the journal listens.</param>
    /// <param name="stderr">Stderr; <see cref="Console.Error"/> when null.</param>
    public static LoggerConfiguration Journal(
        this LoggerSinkConfiguration to, ITextFormatter fallback, string socket = JournalSink.StandardSocket, TextWriter? stderr = null) =>
        to.Sink(new JournalSink(socket, fallback, stderr ?? Console.Error, TimeProvider.System));
}
