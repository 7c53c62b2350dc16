using ThatDam.Agent.Hosting;

namespace ThatDam.Agent.Tests.Hosting;

/// <summary>What becomes of one; that a real one reaches it, the reload of the installed package shows: a test that was started with SIGHUP ignored (nohup) gets none.</summary>
public sealed class HangupSignalTests
{
    [Fact]
    public void One_that_comes_before_anybody_follows_it_is_followed_later_and_once()
    {
        using var hangup = new HangupSignal();
        hangup.Take();
        hangup.Take();
        var followed = 0;
        hangup.Follow(() => followed++);
        Assert.Equal(1, followed);
        hangup.Take();
        Assert.Equal(2, followed);
    }

    [Fact]
    public void Where_none_has_come_nothing_is_done()
    {
        using var hangup = new HangupSignal();
        hangup.Follow(() => Assert.Fail("nobody asked for it"));
    }
}
