using ThatDam.Cli.Arguments;

namespace ThatDam.Cli.Tests.Arguments;

public sealed class ArgumentTests
{
    [Theory]
    [InlineData("90", 90)]
    [InlineData("2.5", 2.5)]
    [InlineData("5s", 5)]
    [InlineData("2m", 120)]
    [InlineData("1h30m", 5400)]
    [InlineData("1h1m1.5s", 3661.5)]
    [InlineData("90m", 5400)]
    [InlineData("0h5s", 5)]
    public void Durations_have_many_forms(string text, double seconds) => Assert.Equal(seconds, Duration.Seconds(text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0s")]
    [InlineData("-5")]
    [InlineData("+5")]
    [InlineData("s")]
    [InlineData("5 s")]
    [InlineData("5s5")]
    [InlineData("5s2m")]
    [InlineData("1m1m")]
    [InlineData("1e3")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1:30")]
    [InlineData("5S")]
    public void Other_text_is_no_duration(string text) => Assert.Null(Duration.Seconds(text));

    [Fact]
    public void A_duration_past_all_bounds_is_none() => Assert.Null(Duration.Seconds(new string('9', 400)));

    [Theory]
    [InlineData("90", "2026-11-24T07:49:11Z")]
    [InlineData("1h30m", "2026-11-24T06:20:41Z")]
    [InlineData("2026-11-24", "2026-11-23T23:00:00Z")]
    [InlineData("2026-11-24T07:50", "2026-11-24T06:50:00Z")]
    [InlineData("2026-11-24 07:50:41", "2026-11-24T06:50:41Z")]
    [InlineData("2026-11-24T07:50:41.25Z", "2026-11-24T07:50:41.25Z")]
    [InlineData("2026-11-24T07:50:41-05:00", "2026-11-24T12:50:41Z")]
    public void Moments_are_ago_or_a_time(string text, string moment) =>
        Assert.Equal(DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture), Since.Of(text)!.At(new AnHourAhead()));

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("0")]
    [InlineData("-10m")]
    [InlineData("9999999999999h")]
    [InlineData("24.11.2026")]
    [InlineData("2026-02-30")]
    [InlineData("2026-11-24T25:00")]
    [InlineData("0001-01-01")]
    [InlineData("9999-12-31T23:59:59-12:00")]
    public void Other_text_is_no_moment(string text) => Assert.Null(Since.Of(text));

    [Theory]
    [InlineData("4M", 4_000_000)]
    [InlineData("2.5M", 2_500_000)]
    [InlineData("800k", 800_000)]
    [InlineData("800K", 800_000)]
    [InlineData("1G", 1_000_000_000)]
    [InlineData("123", 123)]
    [InlineData("0", null)]
    [InlineData("3G", null)]
    [InlineData("-4M", null)]
    [InlineData("4m", null)]
    [InlineData("M", null)]
    [InlineData("", null)]
    public void Bitrates_have_units(string text, int? bits) => Assert.Equal(bits, Bitrate.BitsPerSecond(text));

    [Theory]
    [InlineData("1280x720", 1280, 720)]
    [InlineData("640X480", 640, 480)]
    public void Sizes_have_two_sides(string text, int width, int height) => Assert.Equal(new FrameSize(width, height), FrameSize.Of(text));

    [Theory]
    [InlineData("1280")]
    [InlineData("1280x")]
    [InlineData("0x720")]
    [InlineData("-1x1")]
    [InlineData("1x2x3")]
    [InlineData("99999999999x1")]
    public void Other_text_is_no_size(string text) => Assert.Null(FrameSize.Of(text));

    private sealed class AnHourAhead : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone("ahead", TimeSpan.FromHours(1), "ahead", "ahead");

        public override DateTimeOffset GetUtcNow() => Samples.Moment;
    }
}
