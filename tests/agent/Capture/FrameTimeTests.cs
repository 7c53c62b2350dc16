using ThatDam.Agent.Capture;
using ThatDam.Native.V4L2;

namespace ThatDam.Agent.Tests.Capture;

public sealed class FrameTimeTests
{
    private const long Now_us = 5_000_000_000;
    private const long WallClock_us = 1_790_000_000_000_000;

    [Theory]
    [InlineData(TimestampClock.Monotonic, 4_999_990_000, 4_999_990_000)]
    [InlineData(TimestampClock.Monotonic, 4_000_000_000, 4_000_000_000)]
    [InlineData(TimestampClock.Unknown, 4_999_990_000, 4_999_990_000)]
    [InlineData(TimestampClock.Unknown, WallClock_us, Now_us)]
    [InlineData(TimestampClock.Unknown, 0, Now_us)]
    [InlineData(TimestampClock.Copy, 4_999_990_000, Now_us)]
    public void The_drivers_time_is_taken_where_it_can_be_of_the_monotonic_clock(TimestampClock clock, long told_us, long taken_us) =>
        Assert.Equal(taken_us, V4L2Source.CapturedAt_us(clock, told_us, Now_us));
}
