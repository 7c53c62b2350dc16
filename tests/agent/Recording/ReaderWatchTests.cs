using ThatDam.Agent.Piping;
using ThatDam.Agent.Recording;

namespace ThatDam.Agent.Tests.Recording;

/// <summary>Who reads nothing and is to be excused. The processes are invented.</summary>
public sealed class ReaderWatchTests : IDisposable
{
    private readonly TemporaryDirectory _proc = new();

    [Theory]
    [InlineData(true, "S", "R")]
    [InlineData(true, "D", "S")]
    [InlineData(true, "S", "S")] // the first look cannot tell
    [InlineData(false, "T", "T")]
    [InlineData(false, "Z")]
    public void Its_threads_say_whether_it_is_at_work(bool atWork, params string[] states)
    {
        for (var i = 0; i < states.Length; i++)
            Thread(100 + i, states[i], ticks: 7);
        Assert.Equal(atWork, new ReaderWatch(100, _proc.Path).IsAtWork());
    }

    [Fact]
    public void One_that_has_ended_is_not() => Assert.False(new ReaderWatch(100, _proc.Path).IsAtWork());

    [Fact]
    public async Task One_that_has_run_since_the_last_look_is_but_for_one_that_was_stopped_then()
    {
        Thread(100, "S", ticks: 7);
        var watch = new ReaderWatch(100, _proc.Path);
        Assert.True(watch.IsAtWork());
        Assert.False(await NextLookAsync(watch, isSo: false));
        Thread(100, "S", ticks: 8);
        Assert.True(await NextLookAsync(watch, isSo: true));
        Assert.False(await NextLookAsync(watch, isSo: false));
        Thread(100, "T", ticks: 9);
        Assert.False(await NextLookAsync(watch, isSo: false));
    }

    [Fact]
    public void A_reader_that_reads_or_has_nothing_to_read_is_never_given_up()
    {
        var reader = new ReaderProgress();
        Assert.Null(reader.Stuck(100, 0, 10, null));
        Assert.Null(reader.Stuck(1000, 900, 10, null));
        Assert.Null(reader.Stuck(1000, 900, 10, null)); // not yet
    }

    private static async Task<bool> NextLookAsync(ReaderWatch watch, bool isSo)
    {
        for (var i = 0; i < 30; i++)
        {
            if (watch.IsAtWork() == isSo)
                return isSo;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        return !isSo;
    }

    private void Thread(int task, string state, int ticks) => _proc.Write(
        $"100/task/{task}/stat", $"{task} (av:(h264) R 1) {state} 1 1 1 0 -1 4194304 9 0 0 0 {ticks} 2 0 0 20 0 1 0 0 0 0\n");

    public void Dispose() => _proc.Dispose();
}
