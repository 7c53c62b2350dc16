using ThatDam.Native.V4L2;

namespace ThatDam.Native.Tests.V4L2;

public sealed class FractionTests
{
    [Fact]
    public void AnIntervalTurnedOverIsARate()
    {
        var rate = new Fraction(1001, 30000).Invert();

        Assert.Equal(new Fraction(30000, 1001), rate);
        Assert.Equal(29.97, rate.Value, 2);
    }

    [Fact]
    public void FractionsCompareByWorth()
    {
        Assert.True(new Fraction(1, 60) < new Fraction(1, 30));
        Assert.True(new Fraction(1001, 30000) > new Fraction(1, 30));
        Assert.Equal(0, new Fraction(1, 30).CompareTo(new Fraction(333333, 9999990)));
        Assert.True(new Fraction(4294967295, 1) > new Fraction(4294967294, 1));
    }

    [Fact]
    public void WhatIsNotSaidHasNoWorth() => Assert.True(double.IsNaN(default(Fraction).Value));
}
