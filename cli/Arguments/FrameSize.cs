using System.CommandLine.Parsing;
using System.Globalization;

namespace ThatDam.Cli.Arguments;

/// <summary>A picture's size in pixels, such as <c>1280x720</c>.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
internal sealed record FrameSize(int Width, int Height)
{
    /// <summary>The size; null if the text is not one.</summary>
    public static FrameSize? Of(string text)
    {
        string[] sides = text.Split('x', 'X');
        return sides.Length == 2 && Side(sides[0]) is { } width && Side(sides[1]) is { } height ? new FrameSize(width, height) : null;
    }

    /// <summary>Parses an argument's only token.</summary>
    public static FrameSize? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        FrameSize? size = Of(text);
        if (size is null)
            result.AddError($"'{text}' is no size: WIDTHxHEIGHT in pixels, such as 1280x720.");
        return size;
    }

    private static int? Side(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int side) && side > 0 ? side : null;
}
