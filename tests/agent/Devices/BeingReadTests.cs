using ThatDam.Agent.Devices;

namespace ThatDam.Agent.Tests.Devices;

/// <summary>A camera that has just come, and whose driver takes its time to say what it can do.</summary>
public sealed class BeingReadTests : IDisposable
{
    private const string Id = "046d:0825-A-00";

    private readonly CatalogBed _bed = new();
    private readonly ManualResetEventSlim _read = new();

    [Fact]
    public async Task It_is_listed_at_once_and_has_arrived_when_it_is_read()
    {
        var look = await PlugInAsync();

        Assert.Equal(["changed"], _bed.TakeTold());
        Assert.Equal((true, 0), (_bed.Camera.Online, _bed.Camera.Modes.Count));
        Assert.Contains("Look again", _bed.Camera.Problem, StringComparison.Ordinal);
        Assert.Null(_bed.Catalog.Present(Id));

        _read.Set();
        await look;
        Assert.Equal(["changed", $"+{Id}"], _bed.TakeTold());
        Assert.Null(_bed.Camera.Problem);
        Assert.Single(_bed.Catalog.Present(Id)!.Modes);
    }

    [Fact]
    public async Task Until_it_is_read_it_can_do_what_it_could_last_time()
    {
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        await _bed.Catalog.RescanAsync(Cancellation);
        _bed.Fake.Unplug("video0");
        await _bed.Catalog.LookAsync(LookScope.Marks);
        _bed.TakeTold();

        var look = await PlugInAsync();

        Assert.Equal((true, "YUYV"), (_bed.Camera.Online, Assert.Single(_bed.Camera.Modes).Format));
        _read.Set();
        await look;
        Assert.Equal(["changed", "changed", $"+{Id}"], _bed.TakeTold());
    }

    [Fact]
    public async Task When_it_goes_before_it_is_read_nobody_is_told_that_it_was_there()
    {
        var look = await PlugInAsync();
        _bed.TakeTold();

        _bed.Fake.Unplug("video0");
        var gone = _bed.Catalog.LookAsync(LookScope.Marks);

        Assert.Equal(["changed"], _bed.TakeTold());
        Assert.Empty(_bed.Catalog.All);
        _read.Set();
        await Task.WhenAll(look, gone);
        Assert.Empty(_bed.TakeTold());
    }

    [Fact]
    public async Task One_that_answers_soon_is_told_once()
    {
        _bed.Naming = named => named(Named, takesLong: false);
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);

        await _bed.Catalog.LookAsync(LookScope.Marks);
        _bed.Time.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal(["changed", $"+{Id}"], _bed.TakeTold());
    }

    [Fact]
    public async Task Who_asks_for_the_devices_waits_until_it_is_read()
    {
        var look = await PlugInAsync();

        var freshened = _bed.Catalog.FreshenAsync(Cancellation);
        Assert.False(freshened.IsCompleted);
        _read.Set();
        await freshened;

        Assert.NotNull(_bed.Catalog.Present(Id));
        await look;
        Assert.Equal(["video0"], _bed.TakeAsked());
    }

    private static DeviceProbe Named => CatalogBed.Answer() with { Table = null, IsBeingRead = true, Problem = DeviceProblems.BeingRead("/dev/video0") };

    /// <summary>It has said its name, and that is told.</summary>
    private async Task<Task> PlugInAsync()
    {
        using var named = new ManualResetEventSlim();
        _bed.Naming = name =>
        {
            name(Named, takesLong: true);
            named.Set();
        };
        _bed.Answers["video0"] = () =>
        {
            _read.Wait(TimeSpan.FromSeconds(30));
            return CatalogBed.Answer();
        };
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        _bed.TakeAsked();
        var look = _bed.Catalog.LookAsync(LookScope.Marks);
        await Task.Run(() => named.Wait(TimeSpan.FromSeconds(30)), Cancellation);
        return look;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _read.Set();
        _bed.Dispose();
        _read.Dispose();
    }
}
