using ThatDam.Native.V4L2;

namespace ThatDam.Native.Tests.V4L2;

public sealed class FourccTests
{
    [Theory]
    [InlineData("YUYV", 0x56595559u, "YUYV")]
    [InlineData("MJPG", 0x47504a4du, "MJPG")]
    [InlineData("Y16", 0x20363159u, "Y16 ")]
    [InlineData("Y16 -BE", 0xa0363159u, "Y16 -BE")]
    [InlineData("Y16-BE", 0xa0363159u, "Y16 -BE")]
    [InlineData("0xdeadbeef", 0xdeadbeefu, "0xdeadbeef")]
    public void TheNameAndTheNumberAreOne(string text, uint value, string shown)
    {
        Assert.Equal(value, Fourcc.Parse(text).Value);
        Assert.Equal(shown, new Fourcc(value).ToString());
        Assert.Equal(value, Fourcc.Parse(shown).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("YUYV2")]
    [InlineData("YÜYV")]
    [InlineData("YU\nV")]
    [InlineData("0x1234567g")]
    public void WhatIsNoFourccIsRefused(string? text)
    {
        Assert.False(Fourcc.TryParse(text, out _));
        if (text is not null)
            Assert.Contains(text, Assert.Throws<FormatException>(() => Fourcc.Parse(text)).Message, StringComparison.Ordinal);
    }
}
