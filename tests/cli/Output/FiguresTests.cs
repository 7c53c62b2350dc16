using ThatDam.Cli.Output;

namespace ThatDam.Cli.Tests.Output;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.0 kB")]
    [InlineData(12_345_678, "12.3 MB")]
    [InlineData(99_960_000, "100 MB")]
    [InlineData(999_600_000, "1.0 GB")]
    [InlineData(long.MaxValue, "9223 PB")]
    public void Bytes_have_a_unit(long bytes, string text) => Assert.Equal(text, Figures.Bytes(bytes));

    [Theory]
    [InlineData(0, "0:00:00")]
    [InlineData(59.99, "0:00:59")]
    [InlineData(3723, "1:02:03")]
    [InlineData(360_000, "100:00:00")]
    [InlineData(-1, "0:00:00")]
    public void Elapsed_time_counts_on(double seconds, string text) => Assert.Equal(text, Figures.Elapsed(seconds));

    [Theory]
    [InlineData(5, "5 s")]
    [InlineData(1.5, "1.5 s")]
    [InlineData(90, "1 min 30 s")]
    [InlineData(8000, "2 h 13 min")]
    [InlineData(200_000, "2 d 7 h")]
    public void Spans_have_two_units(double seconds, string text) => Assert.Equal(text, Figures.Span(seconds));
}
