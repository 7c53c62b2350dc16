using System.Runtime.InteropServices;
using ThatDam.Agent.Hosting;
using Tmds.Linux;

namespace ThatDam.Agent.Tests.Hosting;

public sealed class HangupSignalTests
{
    [Fact]
    public async Task One_that_comes_before_anybody_follows_it_ends_nothing_and_is_followed_later()
    {
        using var hangup = new HangupSignal();
        using var seen = new SemaphoreSlim(0);
        // The last one registered is told first: once this has been told, so has the other, or it is about to be.
        using var witness = PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => seen.Release());
        Assert.Equal(0, LibC.kill(Environment.ProcessId, LibC.SIGHUP));
        Assert.True(await seen.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));

        using var followed = new SemaphoreSlim(0);
        hangup.Follow(() => followed.Release());
        Assert.True(await followed.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        _ = LibC.kill(Environment.ProcessId, LibC.SIGHUP);
        Assert.True(await followed.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }
}
