using System.CommandLine.Parsing;

namespace ThatDam.Cli.Arguments;

/// <summary>A word of one's own in a file's name.</summary>
internal static class Label
{
    /// <summary>Parses an argument's only token.</summary>
    public static string? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (text.Length is >= 1 and <= 64 && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-'))
            return text;
        result.AddError($"'{text}' is no label: 1 to 64 of A-Z a-z 0-9 . _ -");
        return null;
    }
}
