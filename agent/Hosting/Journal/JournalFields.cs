using System.Globalization;
using System.Text;
using Serilog.Core;
using Serilog.Events;
using ThatDam.Contract;
using ThatDam.Native.Errors;

namespace ThatDam.Agent.Hosting.Journal;

/// <summary>
/// The fields of an event (systemd.journal-fields(7)): MESSAGE, PRIORITY, SYSLOG_IDENTIFIER, MESSAGE_ID where its kind has one, EXCEPTION,
/// ERROR, CODE and ERRNO of what went wrong, and its properties: those of <see cref="Standard"/> under their own names, others as DAM_NAME.
/// </summary>
internal static class JournalFields
{
    /// <summary>What the lines are told apart by from those of other programs.</summary>
    public const string Identifier = "thatdam-capture";

    private const string Prefix = "DAM_";
    private const int LongestName = 64;

    /// <summary>The properties that have a field of their own.</summary>
    public static readonly IReadOnlyDictionary<string, string> Standard = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Device"] = "DEVICE",
        ["Recording"] = "RECORDING_ID",
        [Constants.SourceContextPropertyName] = "LOGGER",
        [CallerEnricher.TenantId] = "TENANT_ID",
        [CallerEnricher.PrincipalId] = "PRINCIPAL_ID",
        [CallerEnricher.TraceId] = "TRACE_ID",
        [CallerEnricher.RequestId] = "REQUEST_ID",
        [CallerEnricher.CorrelationId] = "CORRELATION_ID",
    };

    /// <summary>Writes all of them into an empty entry.</summary>
    public static void Write(LogEvent logEvent, JournalEntry entry)
    {
        // The journal shows a message with a control character as a blob: it is escaped as on stderr. The fields hold what was really said.
        entry.Add("MESSAGE", LogLineFormatter.Message(logEvent, logEvent.Exception?.Message));
        entry.Add("PRIORITY", Priority(logEvent.Level));
        entry.Add("SYSLOG_IDENTIFIER", Identifier);
        if (JournalKind.Of(logEvent.MessageTemplate.Text) is { } kind)
            entry.Add("MESSAGE_ID", kind);
        if (logEvent.Exception is { } exception)
            Write(exception, entry);
        if (logEvent.TraceId is { } trace && !logEvent.Properties.ContainsKey(CallerEnricher.TraceId))
            entry.Add("TRACE_ID", trace.ToHexString());
        foreach (var (name, value) in logEvent.Properties)
        {
            // ILogger's EventId, which the web server's lines alone have.
            if (value is not StructureValue)
                entry.Add(Name(name), Text(value));
        }
    }

    /// <summary>The field of a property: <c>MaxFps</c> is DAM_MAX_FPS.</summary>
    public static string Name(string property)
    {
        if (Standard.TryGetValue(property, out var known))
            return known;
        var name = new StringBuilder(Prefix);
        for (var i = 0; i < property.Length && name.Length < LongestName; i++)
        {
            var opens = i > 0 && char.IsAsciiLetterUpper(property[i])
                && (char.IsAsciiLetterLower(property[i - 1]) || char.IsAsciiDigit(property[i - 1])
                    || (char.IsAsciiLetterUpper(property[i - 1]) && i + 1 < property.Length && char.IsAsciiLetterLower(property[i + 1])));
            name.Append(opens ? "_" : "").Append(char.IsAsciiLetterOrDigit(property[i]) ? char.ToUpperInvariant(property[i]) : '_');
        }
        return name.ToString(0, Math.Min(name.Length, LongestName));
    }

    private static void Write(Exception exception, JournalEntry entry)
    {
        entry.Add("EXCEPTION", exception.ToString());
        entry.Add("ERROR", exception.Message);
        if (exception is ProblemException { Problem.Code: var code })
        {
            entry.Add("CODE", code);
        }
        else if (exception is NativeException { Errno: var errno })
        {
            entry.Add("CODE", errno.ToString());
            entry.Add("ERRNO", ((int)errno).ToString(CultureInfo.InvariantCulture));
        }
    }

    private static string Text(LogEventPropertyValue value) => value switch
    {
        ScalarValue { Value: null } => "",
        ScalarValue { Value: string text } => text,
        ScalarValue { Value: IFormattable formattable } => formattable.ToString(null, CultureInfo.InvariantCulture),
        ScalarValue { Value: var other } => other.ToString() ?? "",
        _ => value.ToString(null, CultureInfo.InvariantCulture),
    };

    // syslog(3)
    private static string Priority(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose or LogEventLevel.Debug => "7",
        LogEventLevel.Information => "6",
        LogEventLevel.Warning => "4",
        LogEventLevel.Error => "3",
        _ => "2",
    };
}
