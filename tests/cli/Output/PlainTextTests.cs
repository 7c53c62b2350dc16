using ThatDam.Cli.Output;

namespace ThatDam.Cli.Tests.Output;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("HD Webcam", "HD Webcam")]
    [InlineData("Caméra ✓ カメラ 📷", "Caméra ✓ カメラ 📷")]
    [InlineData("\u001b[31mred", "\\x1b[31mred")]
    [InlineData("a\nb\rc\td", "a\\nb\\rc\\td")]
    [InlineData("\u0000\u007f\u009b", "\\x00\\x7f\\x9b")]
    [InlineData("a\u202eb\u2066c\u200fd", "a\\u{202e}b\\u{2066}c\\u{200f}d")]
    [InlineData("zero\u200bwidth\ufeff", "zero\\u{200b}width\\u{feff}")]
    [InlineData("line\u2028paragraph\u2029", "line\\u{2028}paragraph\\u{2029}")]
    [InlineData("tag \U000E0041", "tag \\u{e0041}")]
    public void Escapes_what_a_terminal_would_act_on(string text, string plain) => Assert.Equal(plain, PlainText.Of(text));

    [Fact]
    public void Escapes_half_a_character() => Assert.Equal("\\u{d83d}x\\u{dcf7}", PlainText.Of("\ud83dx\udcf7"));

    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("カメラ", 6)]
    [InlineData("📷", 2)]
    [InlineData("e\u0301", 1)]
    public void Measures_columns(string text, int columns) => Assert.Equal(columns, PlainText.Width(text));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdef", 5, "abcd…")]
    [InlineData("カメラ", 6, "カメラ")]
    [InlineData("カメラ", 5, "カメ…")]
    [InlineData("カメラ", 4, "カ…")]
    [InlineData("📷📷", 3, "📷…")]
    [InlineData("abc", 0, "")]
    public void Cuts_to_columns(string text, int columns, string cut) => Assert.Equal(cut, PlainText.Cut(text, columns));
}
