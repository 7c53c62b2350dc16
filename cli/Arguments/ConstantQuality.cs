using System.CommandLine.Parsing;
using System.Globalization;

namespace ThatDam.Cli.Arguments;

/// <summary>An encoder's constant rate factor, 0 (best) to 51.</summary>
internal static class ConstantQuality
{
    /// <summary>Parses an argument's only token.</summary>
    public static int? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int quality) && quality <= 51)
            return quality;
        result.AddError($"'{text}' is no quality: a whole number from 0 (best) to 51.");
        return null;
    }
}
