using System.Globalization;
using System.Text;

namespace ThatDam.Cli.Output;

/// <summary>Where output goes, and what that place can show.</summary>
internal sealed class Terminal
{
    private const int NarrowestWidth = 20;

    /// <summary>Results.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Errors and remarks.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Standard input.</summary>
    public Func<Stream> In { get; init; } = Console.OpenStandardInput;

    /// <summary>Columns; null where lines may be of any length, as in a pipe or a file.</summary>
    public int? Width { get; init; }

    /// <summary>Whether lines can be redrawn in place.</summary>
    public bool Redraws { get; init; }

    /// <summary>Whether styles show.</summary>
    public bool Styled { get; init; }

    /// <summary>An environment variable.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>The clock and the local time zone.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>This process's standard output and error.</summary>
    public static Terminal OfProcess()
    {
        bool isTerminal = !Console.IsOutputRedirected;
        bool dumb = Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";
        return new Terminal
        {
            Out = Writer(1),
            Error = Writer(2),
            Width = isTerminal ? Columns() : null,
            Redraws = isTerminal && !dumb,
            Styled = isTerminal && !dumb && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
        };
    }

    /// <summary>The text in a style, where styles show.</summary>
    /// <param name="text">Plain.</param>
    /// <param name="style">How.</param>
    public string Paint(string text, Style style) => Styled && style != Style.None ? $"\e[{(int)style}m{text}\e[0m" : text;

    /// <summary>A moment in local time, to the second.</summary>
    public string Moment(DateTimeOffset moment) =>
        TimeZoneInfo.ConvertTime(moment, Time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static StreamWriter Writer(int fd) => new(new StandardStream(fd), new UTF8Encoding(false), bufferSize: 16 * 1024);

    private static int? Columns()
    {
        try
        {
            return Console.WindowWidth > 0 ? Math.Max(Console.WindowWidth, NarrowestWidth) : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
