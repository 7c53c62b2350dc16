using Microsoft.Extensions.Logging.Abstractions;
using ThatDam.Agent.Hosting;
using ThatDam.Agent.Supervision;
using ThatDam.Agent.Tests.Devices;

namespace ThatDam.Agent.Tests.Hosting;

public sealed class WatchdogTests : IDisposable
{
    private readonly LoopPulse _quick = new("uevents", new ManualTime());
    private readonly LoopPulse _other = new("publishing", new ManualTime());
    private readonly Watchdog _watchdog;
    private int _fed;
    private bool _excused;

    public WatchdogTests()
    {
        _watchdog = new Watchdog([_quick, _other], () => _excused, () => _fed++, NullLogger.Instance);
        _quick.Poked += _quick.Beat;
    }

    [Fact]
    public void It_is_fed_while_every_loop_comes_round_when_it_is_poked()
    {
        _other.Poked += _other.Beat;
        for (var i = 0; i < 5; i++)
            Assert.True(Round());
        Assert.Equal(5, _fed);
    }

    [Fact]
    public void It_is_not_fed_while_one_hangs_and_is_fed_again_when_that_comes_round()
    {
        Assert.False(Round());
        Assert.False(_watchdog.Look());
        _other.Beat();
        Assert.True(_watchdog.Look()); // in the same round still
        Assert.False(Round());
        Assert.Equal(1, _fed);
    }

    [Fact]
    public void Who_waits_for_something_outside_does_not_hang()
    {
        using (_other.WaitOutside())
        {
            Assert.True(Round());
            Assert.True(Round());
        }
        Assert.True(_watchdog.Look()); // it came round when its wait was over
        Assert.False(Round());
    }

    [Fact]
    public void While_the_disk_hangs_nobody_is_blamed()
    {
        Assert.False(Round());
        _excused = true;
        Assert.True(Round());
    }

    [Fact]
    public async Task On_its_own_thread_it_pokes_feeds_and_names_who_hangs_before_the_limit_is_over()
    {
        var told = new List<string>();
        var fed = new SemaphoreSlim(0);
        using var watchdog = new Watchdog([_quick, _other], () => false, () => fed.Release(), new ListLogger(told));
        var hangs = false;
        _other.Poked += () =>
        {
            if (!hangs)
                _other.Beat();
        };
        watchdog.Start(TimeSpan.FromSeconds(2));
        for (var i = 0; i < 2; i++)
            Assert.True(await fed.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        hangs = true;
        for (var end = Environment.TickCount64 + 20_000; told.Count == 0 && Environment.TickCount64 < end;)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.Contains("does not come round: publishing;", Assert.Single(told), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "15000000", 15.0)]
    [InlineData("OWN", "15000000", 15.0)]
    [InlineData("1", "15000000", null)]
    [InlineData(null, "0", null)]
    [InlineData(null, "soon", null)]
    [InlineData(null, null, null)]
    public void Its_limit_is_systemds_where_it_is_meant(string? pid, string? limit_us, double? seconds) => Assert.Equal(seconds, Watchdog.Limit(name => name switch
    {
        "WATCHDOG_PID" => pid == "OWN" ? Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture) : pid,
        "WATCHDOG_USEC" => limit_us,
        _ => null,
    })?.TotalSeconds);

    [Theory]
    [InlineData("control:/run/hang", "control", "/run/hang")]
    [InlineData("control:hang", null, null)]
    [InlineData("control", null, null)]
    [InlineData(null, null, null)]
    public void The_debug_hook_names_a_loop_and_a_file(string? text, string? loop, string? path) =>
        Assert.Equal(loop is null ? null : (loop, path!), DebugHang.Parse(text));

    private bool Round()
    {
        _watchdog.Poke();
        return _watchdog.Look();
    }

    public void Dispose() => _watchdog.Dispose();
}
