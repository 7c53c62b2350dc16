using System.CommandLine.Parsing;
using System.Globalization;

namespace ThatDam.Cli.Arguments;

/// <summary>Bits per second as people write them: <c>4M</c>, <c>800k</c>, <c>4000000</c>.</summary>
internal static class Bitrate
{
    /// <summary>The forms, for help and errors.</summary>
    public const string Forms = "bits per second such as 4M, 2.5M, 800k or 4000000";

    /// <summary>Bits per second; null if the text is none of the forms, below 1, or above what the API takes.</summary>
    public static int? BitsPerSecond(string text)
    {
        (string number, double factor) = text switch
        {
            [.. var head, 'k' or 'K'] => (head, 1e3),
            [.. var head, 'M'] => (head, 1e6),
            [.. var head, 'G'] => (head, 1e9),
            _ => (text, 1.0),
        };
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value))
            return null;
        double bits = Math.Round(value * factor);
        return bits is >= 1 and <= int.MaxValue ? (int)bits : null;
    }

    /// <summary>Parses an argument's only token.</summary>
    public static int? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        int? bits = BitsPerSecond(text);
        if (bits is null)
            result.AddError($"'{text}' is no bitrate: {Forms}.");
        return bits;
    }
}
