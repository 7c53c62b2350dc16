using ThatDam.Native.V4L2;

namespace ThatDam.Native.Tests.V4L2;

public sealed class FrameSizesTests
{
    private static readonly FrameSizeRange Stepwise = new(32, 1936, 16, 18, 1095, 6);

    [Theory]
    [InlineData(640, 360, 640, 360)]
    [InlineData(647, 362, 640, 360)]
    [InlineData(649, 364, 656, 366)]
    [InlineData(0, 0, 32, 18)]
    [InlineData(99999, 99999, 1936, 1092)]
    public void AStepwiseRangeTakesTheNearestStep(uint width, uint height, uint nearestWidth, uint nearestHeight) =>
        Assert.Equal(new FrameSize(nearestWidth, nearestHeight), Stepwise.Nearest(new FrameSize(width, height)));

    [Fact]
    public void AStepwiseRangeHasItsStepsAlone()
    {
        var sizes = new FrameSizes(FrameRangeKind.Stepwise, [], Stepwise);

        Assert.True(sizes.Contains(new FrameSize(640, 360)));
        Assert.False(sizes.Contains(new FrameSize(641, 360)));
        Assert.False(sizes.Contains(new FrameSize(640, 1095))); // the greatest height is not on a step
        Assert.False(sizes.Contains(new FrameSize(16, 360)));
    }

    [Fact]
    public void AStepOfNothingIsOne() =>
        Assert.Equal(new FrameSize(641, 481), new FrameSizeRange(1, 1920, 0, 1, 1080, 0).Nearest(new FrameSize(641, 481)));

    [Fact]
    public void AGreatestSizeOfAllBitsDoesNotOverflow() =>
        Assert.Equal(
            new FrameSize(uint.MaxValue, uint.MaxValue),
            new FrameSizeRange(1, uint.MaxValue, 1, 1, uint.MaxValue, 1).Nearest(new FrameSize(uint.MaxValue, uint.MaxValue)));

    [Fact]
    public void DiscreteSizesAreThoseListed()
    {
        var sizes = new FrameSizes(FrameRangeKind.Discrete, [new(320, 180), new(640, 360)], null);

        Assert.True(sizes.Contains(new FrameSize(640, 360)));
        Assert.False(sizes.Contains(new FrameSize(640, 480)));
        Assert.False(FrameSizes.None.Contains(new FrameSize(640, 480)));
    }
}
