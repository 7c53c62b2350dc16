namespace ThatDam.Agent.Tests;

public sealed class ArrowsTests
{
    [Fact]
    public void Placeholder() => Assert.True(true);
}
