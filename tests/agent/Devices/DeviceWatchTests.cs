using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using ThatDam.Agent.Devices;
using ThatDam.Native.Errors;
using ThatDam.Native.Uevents;

namespace ThatDam.Agent.Tests.Devices;

/// <summary>The watch, with a fake of udev's messages and time that stands still unless it is moved.</summary>
public sealed class DeviceWatchTests : IDisposable
{
    private const string A = "046d:0825-A-00";

    private readonly CatalogBed _bed = new();
    private readonly ConcurrentQueue<FakeFeed> _opened = [];
    private UeventSource _best = UeventSource.Udev;
    private Errno? _closed;
    private DeviceWatch? _watch;

    [Fact]
    public async Task A_camera_that_comes_and_goes_is_told_without_time_passing()
    {
        await StartAsync();
        Assert.Equal(("udev", null, 212_992), (_watch!.Status().Source, _watch.Status().Problem, _watch.Status().ReceiveBufferBytes));

        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        Feed.Say("add", "video0");
        await ToldAsync("changed", $"+{A}");
        Assert.Equal(["video0"], _bed.TakeAsked());

        _bed.Fake.Unplug("video0");
        Feed.Say("remove", "video0");
        await ToldAsync("changed", $"-{A}");
        Assert.Empty(_bed.TakeAsked());
        Assert.Equal(2, _watch.Status().Accepted);
    }

    [Fact]
    public async Task A_node_that_changed_is_asked_anew_and_a_driver_that_is_bound_is_none_of_its_business()
    {
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        _bed.Fake.AddUsbCamera("2", "B", ["video1"]);
        await StartAsync();
        var looks = _bed.Catalog.Looks;

        Feed.Say("bind", "video0");
        Feed.Say("unbind", "video0");
        Feed.Say("remove", "video0"); // though it is there: nothing to ask
        Feed.Say("change", "video1");

        await CatalogBed.UntilAsync(() => !_bed.Asked.IsEmpty, "a node is asked");
        Assert.Equal(["video1"], _bed.TakeAsked());
        Assert.InRange(_bed.Catalog.Looks - looks, 1, 2);
    }

    [Fact]
    public async Task One_that_moved_is_asked_under_its_new_name()
    {
        await StartAsync();
        _bed.Fake.AddUsbCamera("1", "A", ["video3"]);

        Feed.Say("move", "video3", old: "video0");

        await ToldAsync("changed", $"+{A}");
    }

    [Fact]
    public async Task A_storm_leads_to_few_looks_and_the_last_one_sees_what_is_true_then()
    {
        await StartAsync();
        var looks = _bed.Catalog.Looks;

        Feed.Storm("change", "video0", 100_000);
        await CatalogBed.UntilAsync(() => Feed.Received == 100_000, "all messages are taken");
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        Feed.Say("add", "video0");
        await CatalogBed.UntilAsync(() => Feed.Received == 100_001, "the last one is taken");
        await PassUntilAsync(() => _bed.Told.Contains($"+{A}"), "the camera is told", most: TimeSpan.FromSeconds(2));

        Assert.InRange(_bed.Catalog.Looks - looks, 2, 7); // no time passed but for the last
        var after = _bed.Catalog.Looks;
        for (var i = 0; i < 50; i++)
            _bed.Time.Pass(TimeSpan.FromMilliseconds(100));
        Assert.Equal(after, _bed.Catalog.Looks); // and then it is quiet
    }

    [Fact]
    public async Task A_long_storm_is_looked_at_five_times_a_second()
    {
        await StartAsync();
        var looks = _bed.Catalog.Looks;
        var sent = 0;
        for (var i = 0; i < 100; i++)
        {
            Feed.Storm("remove", "video0", 10);
            sent += 10;
            await CatalogBed.UntilAsync(() => Feed.Received == sent, "they are taken");
            _bed.Time.Pass(TimeSpan.FromMilliseconds(50));
        }

        Assert.InRange(_bed.Catalog.Looks - looks, 20, 31); // in five seconds
    }

    [Fact]
    public async Task Lost_messages_lead_to_a_look_at_everything_once_a_second_at_most()
    {
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        _bed.Fake.AddUsbCamera("2", "B", ["video1"]);
        await StartAsync();
        _bed.Fake.Unplug("video0");
        _bed.Fake.AddUsbCamera("3", "C", ["video2"]);

        Feed.Give(UeventReceipt.Overrun);

        await CatalogBed.UntilAsync(() => _bed.Asked.Count == 2 && _bed.Told.Contains("+046d:0825-C-00"), "both that are there are asked");
        Assert.Equal(["video1", "video2"], _bed.TakeAsked().Order());
        Assert.Contains($"-{A}", _bed.Told);
        Assert.Equal(1, _watch!.Status().Overruns);

        Feed.Give(UeventReceipt.Overrun);
        await CatalogBed.UntilAsync(() => _watch.Status().Overruns == 2, "it is noticed");
        _bed.Time.Pass(TimeSpan.FromMilliseconds(900));
        Assert.Empty(_bed.TakeAsked());
        await PassUntilAsync(() => _bed.Asked.Count == 2, "all are asked again", most: TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_message_that_is_not_believed_is_counted_and_changes_nothing()
    {
        await StartAsync();
        var looks = _bed.Catalog.Looks;

        for (var i = 0; i < 100; i++)
            Feed.Give(UeventReceipt.Refused);

        await CatalogBed.UntilAsync(() => _watch!.Status().Refused == 100, "all are counted");
        Assert.Equal((0, looks), (_watch!.Status().Accepted, _bed.Catalog.Looks));
    }

    [Fact]
    public async Task What_no_message_told_of_is_seen_within_a_minute()
    {
        await StartAsync();
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        _bed.Time.Pass(TimeSpan.FromSeconds(59));
        Assert.Empty(_bed.Told);

        _bed.Time.Pass(TimeSpan.FromSeconds(1));

        await ToldAsync("changed", $"+{A}");
        Assert.Single(_opened);
    }

    [Fact]
    public async Task Without_udev_the_kernel_is_listened_to_until_udev_runs()
    {
        _best = UeventSource.Kernel;
        await StartAsync();
        Assert.Equal("kernel", _watch!.Status().Source);
        Assert.Contains("Start systemd-udevd", _watch.Status().Problem, StringComparison.Ordinal);

        _best = UeventSource.Udev;
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        _bed.Time.Pass(TimeSpan.FromMinutes(1));

        await ToldAsync("changed", $"+{A}"); // it came between the two
        Assert.Equal(("udev", null), (_watch.Status().Source, _watch.Status().Problem));
        Assert.Equal([true, false], _opened.Select(feed => feed.IsDisposed));
    }

    [Fact]
    public async Task Without_any_messages_devices_are_looked_at_once_a_minute_and_the_reason_is_told()
    {
        _closed = Errno.EPERM;
        await StartAsync();
        Assert.Equal("none", _watch!.Status().Source);
        Assert.Contains("RestrictAddressFamilies=", _watch.Status().Problem, StringComparison.Ordinal);

        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        _bed.Time.Pass(TimeSpan.FromMinutes(1));
        await ToldAsync("changed", $"+{A}");

        _closed = null;
        _bed.Time.Pass(TimeSpan.FromMinutes(1));
        await CatalogBed.UntilAsync(() => _watch.Status().Source == "udev", "it listens");
        Assert.Null(_watch.Status().Problem);
    }

    [Fact]
    public async Task A_look_that_fails_is_soon_taken_again()
    {
        await StartAsync();
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        _bed.Database!.Read(transaction => transaction.Query("PRAGMA query_only = 1", row => 0)); // the state takes no new id
        Feed.Say("add", "video0");
        var looks = _bed.Catalog.Looks;
        await PassUntilAsync(() => _bed.Catalog.Looks >= looks + 2, "it is looked at again, in vain", most: TimeSpan.FromSeconds(3));
        _bed.Database.Read(transaction => transaction.Query("PRAGMA query_only = 0", row => 0));
        Assert.DoesNotContain($"+{A}", _bed.Told);

        await PassUntilAsync(() => _bed.Told.Contains($"+{A}"), "the camera is told", most: TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Who_is_told_and_throws_costs_the_others_nothing()
    {
        await StartAsync();
        var told = 0;
        _bed.Catalog.Changed += () => throw new InvalidOperationException("a handler's fault");
        _bed.Catalog.Arrived += _ => throw new InvalidOperationException("a handler's fault");
        _bed.Catalog.Arrived += _ => Interlocked.Increment(ref told);
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        Feed.Say("add", "video0");
        await CatalogBed.UntilAsync(() => Volatile.Read(ref told) == 1, "it is told");
    }

    [Fact]
    public async Task Somebody_else_can_have_everything_looked_at()
    {
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        await StartAsync();

        _watch!.LookSoon();

        await CatalogBed.UntilAsync(() => _bed.Asked.Count == 1, "the camera is asked");
    }

    [Fact]
    public async Task It_ends_at_once()
    {
        await StartAsync();
        _watch!.Dispose();
        Assert.True(Feed.IsDisposed);
        _bed.Time.Pass(TimeSpan.FromMinutes(5));
    }

    private FakeFeed Feed => _opened.Last();

    private async Task StartAsync()
    {
        _watch = new DeviceWatch(_bed.Catalog, _bed.Time, NullLogger<DeviceWatch>.Instance, () => _best, source =>
        {
            if (_closed is { } errno)
                throw new NativeException("socket", "udev's events", errno);
            var feed = new FakeFeed(source);
            _opened.Enqueue(feed);
            return feed;
        });
        _watch.Start();
        await _bed.Catalog.RescanAsync(TestContext.Current.CancellationToken);
        _bed.TakeAsked();
        _bed.TakeTold();
    }

    private async Task ToldAsync(params string[] told)
    {
        await CatalogBed.UntilAsync(() => _bed.Told.Count >= told.Length, $"{string.Join(' ', told)} is told");
        Assert.Equal(told, _bed.TakeTold());
    }

    /// <summary>Lets time pass in small steps until something is so, but no more than so much.</summary>
    private async Task PassUntilAsync(Func<bool> condition, string what, TimeSpan most)
    {
        var step = TimeSpan.FromMilliseconds(50);
        for (var passed = TimeSpan.Zero; passed < most && !condition(); passed += step)
        {
            _bed.Time.Pass(step);
            for (var i = 0; i < 25 && !condition(); i++)
                await Task.Delay(2, TestContext.Current.CancellationToken); // for the threads to do what is due
        }
        await CatalogBed.UntilAsync(condition, what);
    }

    public void Dispose()
    {
        _watch?.Dispose();
        _bed.Dispose();
    }
}
