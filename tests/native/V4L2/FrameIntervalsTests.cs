using ThatDam.Native.V4L2;

namespace ThatDam.Native.Tests.V4L2;

public sealed class FrameIntervalsTests
{
    [Fact]
    public void TheShortestIntervalIsTheHighestRate()
    {
        var range = new FrameIntervalRange(new(1, 60), new(1, 5), new(1, 60), IsContinuous: false);

        Assert.Equal(new Fraction(60, 1), range.MaxRate);
        Assert.Equal(new Fraction(5, 1), range.MinRate);
    }

    [Fact]
    public void DiscreteIntervalsTurnIntoRates()
    {
        var intervals = new FrameIntervals(FrameRangeKind.Discrete, [new(1, 30), new(1001, 30000), new(1, 15)], null);

        Assert.Equal([new(30, 1), new(30000, 1001), new(15, 1)], intervals.Rates);
        Assert.True(intervals.Contains(new Fraction(2, 60)));
        Assert.False(intervals.Contains(new Fraction(1, 25)));
        Assert.Equal(new Fraction(1001, 30000), intervals.Nearest(new Fraction(100, 2997)));
        Assert.Null(FrameIntervals.None.Nearest(new Fraction(1, 30)));
    }

    [Fact]
    public void AStepwiseRangeTakesTheNearestStep()
    {
        // As uvcvideo gives them: units of 100 ns.
        var range = new FrameIntervalRange(new(333333, 10_000_000), new(2_000_000, 10_000_000), new(333333, 10_000_000), IsContinuous: false);

        Assert.Equal(333333 * 2 / 1e7, range.Nearest(new Fraction(1, 15)).Value, 9);
        Assert.True(range.Contains(new Fraction(999999, 10_000_000)));
        Assert.False(range.Contains(new Fraction(1, 20)));
        Assert.Equal(new Fraction(333333, 10_000_000), range.Nearest(new Fraction(1, 60)));
        Assert.Equal(new Fraction(2_000_000, 10_000_000), range.Nearest(new Fraction(1, 1)));
    }

    [Fact]
    public void AContinuousRangeTakesAnyWithinIt()
    {
        var range = new FrameIntervalRange(new(1, 1000), new(1000, 1), new(1, 1), IsContinuous: true);

        Assert.True(range.Contains(new Fraction(1001, 30000)));
        Assert.Equal(new Fraction(1, 1000), range.Nearest(new Fraction(1, 2000)));
        Assert.Equal(new Fraction(1, 1000), range.Nearest(new Fraction(0, 1)));
    }
}
