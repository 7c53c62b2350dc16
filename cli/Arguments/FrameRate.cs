using System.CommandLine.Parsing;
using System.Globalization;

namespace ThatDam.Cli.Arguments;

/// <summary>Frames per second, such as <c>30</c> or <c>29.97</c>.</summary>
internal static class FrameRate
{
    /// <summary>Parses an argument's only token.</summary>
    public static double? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double rate) && rate is > 0 and <= 1000)
            return rate;
        result.AddError($"'{text}' is no frame rate: frames per second above 0 and up to 1000, such as 30 or 29.97.");
        return null;
    }
}
