using System.Globalization;
using System.Net;
using Serilog.Events;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Hosting;

/// <summary>Turns the text of a value into what it means. Each throws a <see cref="FormatException"/> that says what would do.</summary>
internal static class ConfigurationValue
{
    /// <summary>The presets of x264 and x265, fastest first.</summary>
    public static (string Word, string Meaning)[] Presets { get; } =
    [
        .. new[] { "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow" }.Select(word => (word, word)),
    ];

    /// <summary>What a recording can be encoded as.</summary>
    public static (string Word, string Meaning)[] Codecs { get; } = [.. new[] { "copy", "h264", "hevc", "mjpeg", "ffv1" }.Select(word => (word, word))];

    /// <summary>The levels of the log.</summary>
    public static (string Word, LogEventLevel Meaning)[] Levels { get; } =
    [
        ("debug", LogEventLevel.Debug), ("info", LogEventLevel.Information), ("warning", LogEventLevel.Warning), ("error", LogEventLevel.Error),
    ];

    /// <summary>A path from the root, for a daemon has no working directory to speak of.</summary>
    public static string AbsolutePath(string text) => Path.IsPathRooted(text) && !text.Contains('\0', StringComparison.Ordinal)
        ? Path.TrimEndingDirectorySeparator(text)
        : throw new FormatException("must be an absolute path");

    /// <summary>A program: an absolute path, or a name to look up in PATH.</summary>
    public static string Program(string text) => Path.IsPathRooted(text) || !text.Contains('/', StringComparison.Ordinal)
        ? text
        : throw new FormatException("must be an absolute path, or a name to look up in PATH");

    /// <summary>A whole number within bounds.</summary>
    public static int Whole(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}"));

    /// <summary>A picture's size in pixels, <c>1920x1080</c>.</summary>
    public static (int Width, int Height) PictureSize(string text)
    {
        var x = text.IndexOf('x', StringComparison.OrdinalIgnoreCase);
        return x > 0 && Side(text[..x], out var width) && Side(text[(x + 1)..], out var height)
            ? (width, height)
            : throw new FormatException("must be a width and a height in pixels, such as 1920x1080");

        static bool Side(string text, out int side) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out side) && side is > 0 and <= 65536;
    }

    /// <summary>Frames per second.</summary>
    public static double FramesPerSecond(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var fps) && fps is > 0 and <= 1000
            ? fps
            : throw new FormatException("must be frames per second, above 0 to 1000, such as 30 or 29.97");

    /// <summary>Bytes: a whole number, with K, M or G for 1024, its square and its cube.</summary>
    public static long Size(string text, long least, long most)
    {
        var unit = text.Length == 0 ? 0 : "KMG".IndexOf(char.ToUpperInvariant(text[^1]), StringComparison.Ordinal) + 1;
        return long.TryParse(unit > 0 ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= most >> (10 * unit) && number << (10 * unit) is var bytes && bytes >= least
            ? bytes
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"must be bytes from {least} to {most}, such as 16M"));
    }

    /// <summary>A span of time: a whole number of seconds, or one with s, min, h or d.</summary>
    public static TimeSpan Span(string text, TimeSpan least, TimeSpan most)
    {
        foreach (var (unit, seconds) in new[] { ("min", 60.0), ("s", 1.0), ("h", 3600.0), ("d", 86400.0), ("", 1.0) })
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && int.TryParse(text[..^unit.Length].TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number * seconds >= least.TotalSeconds && number * seconds <= most.TotalSeconds)
                return TimeSpan.FromSeconds(number * seconds);
        }
        throw new FormatException(string.Create(
            CultureInfo.InvariantCulture, $"must be a time from {least.TotalSeconds} s to {most.TotalSeconds} s, such as 30s, 5min, 12h or 7d"));
    }

    /// <summary>A name: 1 to 64 of A-Z a-z 0-9 . _ -</summary>
    public static string Name(string text) => IsName(text) ? text : throw new FormatException("must be 1 to 64 of A-Z a-z 0-9 . _ -");

    /// <summary>Whether a text is a name.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>Users, and groups with <c>@</c>, by name or number.</summary>
    public static IReadOnlyList<string> Principals(string text) =>
        text.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries) is var all && all.All(one => IsPrincipal(one.StartsWith('@') ? one[1..] : one))
            ? all
            : throw new FormatException("must be names of users, and of groups with @ before them, such as ann @video");

    // useradd(8), and what directory servers add to it.
    private static bool IsPrincipal(string name) => name.Length is > 0 and <= 256 && name[0] != '-' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '$' or '\\' or '@' or '+');

    /// <summary>An address of this machine and a port.</summary>
    public static IPEndPoint EndPoint(string text) => IPEndPoint.TryParse(text, out var place) && place.Port > 0 && text.EndsWith(string.Create(CultureInfo.InvariantCulture, $":{place.Port}"), StringComparison.Ordinal)
        ? place
        : throw new FormatException("must be an address and a port, such as 127.0.0.1:9001 or [::1]:9001");

    /// <summary>The name of an exchange or a topic: AMQP takes 255 bytes.</summary>
    public static string Topic(string text) => text.Length is > 0 and <= 255 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or ':')
        ? text
        : throw new FormatException("must be 1 to 255 of A-Z a-z 0-9 . _ - :");

    /// <summary>A topic that no event of the contract has: the daemon would answer itself.</summary>
    public static string RequestTopic(string text) => Topics.All.ContainsKey(Topic(text))
        ? throw new FormatException("must be a topic of its own, not one that events have, such as capture.device_list.request")
        : text;

    /// <summary>One of a few words, in any case.</summary>
    public static T OneOf<T>(string text, params (string Word, T Meaning)[] words)
    {
        foreach (var (word, meaning) in words)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
                return meaning;
        }
        throw new FormatException($"must be one of: {string.Join(", ", words.Select(word => word.Word))}");
    }
}
