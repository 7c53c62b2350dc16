using ThatDam.Agent.Publishing;

namespace ThatDam.Agent.Tests.Publishing;

public sealed class ReconnectBackoffTests
{
    [Theory]
    [InlineData(0.0, new[] { 0.5, 1, 2, 4, 8, 10, 10 })]
    [InlineData(0.999999, new[] { 1.0, 2, 4, 8, 16, 20, 20 })]
    public void It_doubles_to_twenty_seconds_within_its_jitter(double random, double[] seconds)
    {
        var backoff = new ReconnectBackoff(() => random);
        foreach (var expected in seconds)
            Assert.Equal(expected, backoff.Next().TotalSeconds, 0.001);
    }

    [Fact]
    public void It_begins_anew_after_what_worked()
    {
        var backoff = new ReconnectBackoff(() => 0);
        for (var i = 0; i < 5; i++)
            backoff.Next();
        backoff.Reset();
        Assert.Equal(TimeSpan.FromSeconds(0.5), backoff.Next());
    }
}
