using System.Globalization;
using System.Text;

namespace ThatDam.Cli.Output;

/// <summary>Text of any origin made harmless to a terminal, and measured in its columns.</summary>
internal static class PlainText
{
    // Ranges that take two columns (Unicode East Asian Width W and F, and emoji), first and last.
    private static readonly (int First, int Last)[] s_wide =
    [
        (0x1100, 0x115F), (0x2E80, 0x303E), (0x3041, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF), (0xA960, 0xA97F),
        (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF00, 0xFF60), (0xFFE0, 0xFFE6), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF),
        (0x1F900, 0x1F9FF), (0x20000, 0x3FFFD),
    ];

    /// <summary>
    /// The text with every character that could move the cursor, end the line, reorder or hide text written as an escape:
    /// controls, bidi and other format characters, line separators, and what is no character at all.
    /// </summary>
    public static string Of(string text)
    {
        StringBuilder? escaped = null;
        int index = 0;
        while (index < text.Length)
        {
            bool valid = Rune.TryGetRuneAt(text, index, out Rune rune);
            int length = valid ? rune.Utf16SequenceLength : 1;
            if (!valid || !Shows(rune))
            {
                escaped ??= new StringBuilder(text, 0, index, text.Length + 16);
                escaped.Append(Escape(valid ? rune.Value : text[index]));
            }
            else
            {
                escaped?.Append(text, index, length);
            }

            index += length;
        }

        return escaped?.ToString() ?? text;
    }

    /// <summary>How many columns the text takes. Escape it first.</summary>
    public static int Width(string text)
    {
        int width = 0;
        foreach (Rune rune in text.EnumerateRunes())
            width += Width(rune);
        return width;
    }

    /// <summary>The text cut to so many columns, its last one an ellipsis where something is lost.</summary>
    public static string Cut(string text, int columns)
    {
        if (Width(text) <= columns)
            return text;
        if (columns <= 0)
            return "";
        int width = 0;
        int index = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            width += Width(rune);
            if (width > columns - 1)
                break;
            index += rune.Utf16SequenceLength;
        }

        return text[..index] + "…";
    }

    /// <summary>The text filled with spaces to so many columns.</summary>
    public static string Pad(string text, int columns, bool right)
    {
        string spaces = new(' ', Math.Max(0, columns - Width(text)));
        return right ? spaces + text : text + spaces;
    }

    private static bool Shows(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    private static string Escape(int value) => value switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        < 0x100 => string.Create(CultureInfo.InvariantCulture, $"\\x{value:x2}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{{{value:x}}}"),
    };

    private static int Width(Rune rune)
    {
        if (rune.Value < 0x300)
            return 1;
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
            return 0;
        foreach ((int first, int last) in s_wide)
        {
            if (rune.Value >= first && rune.Value <= last)
                return 2;
        }

        return 1;
    }
}
