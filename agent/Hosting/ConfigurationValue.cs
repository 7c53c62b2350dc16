using System.Globalization;
using Serilog.Events;

namespace ThatDam.Agent.Hosting;

/// <summary>Turns the text of a value into what it means. Each throws a <see cref="FormatException"/> that says what would do.</summary>
internal static class ConfigurationValue
{
    /// <summary>The presets of x264 and x265, fastest first.</summary>
    public static (string Word, string Meaning)[] Presets { get; } =
    [
        .. new[] { "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow" }.Select(word => (word, word)),
    ];

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
