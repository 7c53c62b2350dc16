using ThatDam.Agent.Capture;
using ThatDam.Agent.Tests.Devices;

namespace ThatDam.Agent.Tests.Capture;

/// <summary>A driver that hangs: a call that waits until the test lets it go on.</summary>
public sealed class DriverCallsTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly DriverCalls _calls = new();
    private readonly ManualResetEventSlim _answers = new();

    [Fact]
    public async Task One_that_hangs_is_given_up_and_no_other_is_made_until_it_has_answered()
    {
        var late = new TaskCompletionSource<int>();
        var first = _calls.AskAsync(Hang, TimeSpan.FromSeconds(10), _time, late.SetResult);
        _time.Pass(TimeSpan.FromSeconds(9));
        Assert.False(first.IsCompleted);
        _time.Pass(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<TimeoutException>(() => first);
        await Assert.ThrowsAsync<TimeoutException>(() => _calls.AskAsync<int>(() => throw new InvalidOperationException("it was made"), TimeSpan.FromSeconds(10), _time));

        _answers.Set();
        Assert.Equal(7, await late.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        await CatalogBed.UntilAsync(() => _calls.AskAsync(() => 8, TimeSpan.FromSeconds(10), _time) is var next && !next.IsFaulted, "the next is made");
    }

    [Fact]
    public async Task What_a_call_throws_is_thrown() =>
        await Assert.ThrowsAsync<IOException>(() => _calls.AskAsync<int>(() => throw new IOException(), TimeSpan.FromSeconds(10), _time));

    private int Hang()
    {
        _answers.Wait(TimeSpan.FromSeconds(60));
        return 7;
    }

    public void Dispose() => _answers.Dispose();
}
