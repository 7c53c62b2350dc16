using ThatDam.Agent.Capture;

namespace ThatDam.Agent.Tests.Capture;

public sealed class CopyBudgetTests
{
    [Fact]
    public void A_frame_longer_than_any_may_be_is_refused_also_when_blocks_are_free()
    {
        using var copies = new CopyBudget(frameBytes: 100);
        Assert.True(copies.TryCopy(new byte[100], out var block));
        copies.Return(block);

        Assert.False(copies.TryCopy(new byte[101], out _));
        Assert.True(copies.TryCopy(new byte[100], out block));
        copies.Return(block);
    }
}
