using System.CommandLine.Parsing;
using System.Globalization;

namespace ThatDam.Cli.Arguments;

/// <summary>A moment as people write it: how long ago, such as <c>10m</c>, or an ISO 8601 time, local where it names no zone.</summary>
/// <param name="Ago_s">Seconds back from now; null where a time is given.</param>
/// <param name="Time">UTC, or of unspecified kind: local. Not used where <paramref name="Ago_s"/> is given.</param>
internal sealed record Since(double? Ago_s, DateTime Time)
{
    private const double Furthest_s = 100 * 366 * 86400.0;

    private static readonly string[] s_forms =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>The moment; null if the text is none.</summary>
    public static Since? Of(string text)
    {
        if (Duration.Seconds(text) is { } seconds)
            return seconds <= Furthest_s ? new Since(seconds, default) : null;
        return DateTime.TryParseExact(text, s_forms, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out DateTime time)
            && time.Year is >= 1970 and < 9999
            ? new Since(null, time)
            : null;
    }

    /// <summary>Parses an argument's only token.</summary>
    public static Since? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        Since? since = Of(text);
        if (since is null)
            result.AddError($"'{text}' is no moment: how long ago, such as 90, 10m or 1h30m, or a time such as 2026-11-24T07:50:41Z or 2026-11-24.");
        return since;
    }

    /// <summary>When that is.</summary>
    /// <param name="clock">Now, and the local time zone.</param>
    public DateTimeOffset At(TimeProvider clock)
    {
        if (Ago_s is { } seconds)
            return clock.GetUtcNow().AddSeconds(-seconds);
        return Time.Kind == DateTimeKind.Utc ? new DateTimeOffset(Time) : new DateTimeOffset(Time, clock.LocalTimeZone.GetUtcOffset(Time));
    }
}
