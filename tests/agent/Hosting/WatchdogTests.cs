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
            _watchdog.Look();

        Assert.Equal(5, _fed);
    }

    [Fact]
    public void It_is_not_fed_while_one_hangs_and_is_fed_again_when_that_comes_round()
    {
        _watchdog.Look(); // nothing is known of them yet
        _watchdog.Look();
        _watchdog.Look();
        Assert.Equal(1, _fed);

        _other.Beat();
        _watchdog.Look();
        Assert.Equal(2, _fed);
    }

    [Fact]
    public void Who_waits_for_something_outside_does_not_hang()
    {
        using (_other.WaitOutside())
        {
            _watchdog.Look();
            _watchdog.Look();
        }
        Assert.Equal(2, _fed);

        _watchdog.Look(); // it came round when its wait was over
        _watchdog.Look();
        Assert.Equal(3, _fed);
    }

    [Fact]
    public void While_the_disk_hangs_nobody_is_blamed()
    {
        _watchdog.Look();
        _excused = true;
        _watchdog.Look();
        Assert.Equal(2, _fed);
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

    public void Dispose() => _watchdog.Dispose();
}
