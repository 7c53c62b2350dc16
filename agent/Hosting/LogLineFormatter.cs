using System.Globalization;
using System.Text;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace ThatDam.Agent.Hosting;

/// <summary>
/// One event, one line: <c>2026-11-24T07:50:41.123Z warning /dev/video0: … tenant=default principal=uid:1000(name)</c>. A control character
/// is written as its escape, so that a device's name can neither begin a line of its own nor move the cursor.
/// </summary>
/// <param name="withTime">Whether the line begins with the time, UTC.</param>
internal sealed class LogLineFormatter(bool withTime) : ITextFormatter
{
    private static readonly MessageTemplateTextFormatter Template = new("{Message:lj}", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        if (withTime)
        {
            output.Write(logEvent.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            output.Write(' ');
        }
        output.Write(Word(logEvent.Level));
        output.Write(' ');
        output.Write(Message(logEvent, logEvent.Exception?.ToString()));
        WriteOrigin(" tenant=", CallerEnricher.TenantId, logEvent, output);
        WriteOrigin(" principal=", CallerEnricher.PrincipalId, logEvent, output);
        output.Write('\n');
    }

    /// <summary>The message of an event on one line, with its control characters escaped.</summary>
    /// <param name="logEvent">The event.</param>
    /// <param name="reason">What went wrong, to follow a colon.</param>
    public static string Message(LogEvent logEvent, string? reason)
    {
        using var message = new StringWriter(CultureInfo.InvariantCulture);
        Template.Format(logEvent, message);
        if (reason is not null)
            message.Write($": {reason}");
        return Escaped(message.ToString().TrimEnd());
    }

    private static void WriteOrigin(string name, string property, LogEvent logEvent, TextWriter output)
    {
        if (logEvent.Properties.TryGetValue(property, out var value) && value is ScalarValue { Value: string text })
        {
            output.Write(name);
            output.Write(Escaped(text));
        }
    }

    /// <summary>Text without a character that could move the cursor.</summary>
    internal static string Escaped(string text)
    {
        if (!text.Any(IsEscaped))
            return text;
        var escaped = new StringBuilder();
        foreach (var c in text)
        {
            if (c == '\n')
                escaped.Append("\\n");
            else if (IsEscaped(c))
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                escaped.Append(c);
        }
        return escaped.ToString();
    }

    private static bool IsEscaped(char c) =>
        char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string Word(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose or LogEventLevel.Debug => "debug",
        LogEventLevel.Information => "info",
        LogEventLevel.Warning => "warning",
        LogEventLevel.Error => "error",
        _ => "fatal",
    };
}
