using ThatDam.Agent.Piping;

namespace ThatDam.Agent.Tests.Piping;

public sealed class FrameAccountTests
{
    [Theory]
    [InlineData(0, new long[] { 0, 1, 2 })]
    [InlineData(3, new long[] { 0, 1, 5, 6 })]
    [InlineData(0, new long[] { 0, 0, 0 })] // a driver that leaves it 0
    [InlineData(0, new long[] { 4, 4, 5, 5 })] // two fields of one frame
    [InlineData(0, new long[] { 100, 0, 1 })] // one that begins anew
    [InlineData(1, new long[] { uint.MaxValue - 1, 0, 1 })] // it wraps around
    public void Gaps_are_lost_and_nothing_else_is(long lost, long[] sequences)
    {
        var account = new FrameAccount();
        foreach (var sequence in sequences)
            account.Captured((uint)sequence);

        Assert.Equal((lost, sequences.Length), (account.Counts(0).Lost, account.Counts(0).Captured));
    }
}
