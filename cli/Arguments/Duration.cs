using System.CommandLine.Parsing;
using System.Globalization;

namespace ThatDam.Cli.Arguments;

/// <summary>A length of time as people write it: <c>90</c>, <c>5s</c>, <c>2m</c>, <c>1h30m</c>.</summary>
internal static class Duration
{
    /// <summary>The forms, for help and errors.</summary>
    public const string Forms = "seconds such as 90 or 2.5, or units such as 5s, 2m, 1h30m";

    /// <summary>Seconds; null if the text is none of the forms or not above zero.</summary>
    public static double? Seconds(string text)
    {
        if (Number(text) is { } plain)
            return Sound(plain);

        double total = 0;
        ReadOnlySpan<char> units = "hms";
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            int letter = rest.IndexOfAny(units);
            if (letter < 0 || Number(rest[..letter]) is not { } count)
                return null;
            total += count * rest[letter] switch { 'h' => 3600, 'm' => 60, _ => 1 };
            units = units[(units.IndexOf(rest[letter]) + 1)..];
            rest = rest[(letter + 1)..];
        }

        return Sound(total);
    }

    /// <summary>Parses an argument's only token.</summary>
    public static double? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        double? seconds = Seconds(text);
        if (seconds is null)
            result.AddError($"'{text}' is no duration above zero: {Forms}.");
        return seconds;
    }

    private static double? Sound(double seconds) => seconds > 0 && double.IsFinite(seconds) ? seconds : null;

    private static double? Number(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) ? number : null;
}
