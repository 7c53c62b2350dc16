using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace ThatDam.Agent.Hosting;

/// <summary>
/// One event, one line: <c>2026-11-24T07:50:41.123Z warning /dev/video0: …</c>. A control character is written as its escape, so that
/// a device's name can neither begin a line of its own nor move the cursor.
/// </summary>
/// <param name="withTime">Whether the line begins with the time, UTC.</param>
internal sealed class LogLineFormatter(bool withTime) : ITextFormatter
{
    private readonly MessageTemplateTextFormatter _message = new("{Message:lj}", CultureInfo.InvariantCulture);

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
        using var message = new StringWriter(CultureInfo.InvariantCulture);
        _message.Format(logEvent, message);
        if (logEvent.Exception is { } exception)
            message.Write($": {exception}");
        foreach (var c in message.ToString().TrimEnd())
            Write(c, output);
        output.Write('\n');
    }

    private static void Write(char c, TextWriter output)
    {
        if (c == '\n')
            output.Write("\\n");
        else if (char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            output.Write($"\\u{(int)c:x4}");
        else
            output.Write(c);
    }

    private static string Word(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose or LogEventLevel.Debug => "debug",
        LogEventLevel.Information => "info",
        LogEventLevel.Warning => "warning",
        LogEventLevel.Error => "error",
        _ => "fatal",
    };
}
