using ThatDam.Agent.Devices;
using ThatDam.Contract;

namespace ThatDam.Agent.Tests.Devices;

/// <summary>Whom a look asks, and whom it leaves alone.</summary>
public sealed class IncrementalLookTests : IDisposable
{
    private readonly CatalogBed _bed = new();

    [Fact]
    public async Task Only_a_node_that_came_is_asked()
    {
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        await RescanAsync();
        Assert.Equal(["video0"], _bed.TakeAsked());

        _bed.Fake.AddUsbCamera("2", "B", ["video1"]);
        await LookAsync(LookScope.Marks);

        Assert.Equal(["video1"], _bed.TakeAsked());
        Assert.Equal(2, _bed.Catalog.All.Count);
        await LookAsync(LookScope.Marks);
        Assert.Empty(_bed.TakeAsked());
    }

    [Fact]
    public async Task Nobody_is_asked_when_one_goes()
    {
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        _bed.Fake.AddUsbCamera("2", "B", ["video1"]);
        await RescanAsync();
        _bed.TakeAsked();
        _bed.TakeTold();

        _bed.Fake.Unplug("video0");
        await LookAsync(LookScope.Marks);

        Assert.Empty(_bed.TakeAsked());
        Assert.Equal(["changed", "-046d:0825-A-00"], _bed.TakeTold());
    }

    [Fact]
    public async Task A_node_that_changed_is_asked_anew_and_a_rescan_asks_all()
    {
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        _bed.Fake.AddUsbCamera("2", "B", ["video1"]);
        await RescanAsync();
        _bed.TakeAsked();
        _bed.Answers["video1"] = () => CatalogBed.Answer("Another name");

        await LookAsync(LookScope.Of("video1"));
        Assert.Equal(["video1"], _bed.TakeAsked());
        Assert.Equal(["A camera", "Another name"], _bed.Catalog.All.Select(device => device.Name));

        await RescanAsync();
        Assert.Equal(["video0", "video1"], _bed.TakeAsked().Order());
    }

    [Fact]
    public async Task One_device_can_be_asked_alone()
    {
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        _bed.Fake.AddUsbCamera("2", "B", ["video1"]);
        await RescanAsync();
        _bed.TakeAsked();
        _bed.Answers["video1"] = () => CatalogBed.Answer("Fresh");

        Assert.Equal("Fresh", (await _bed.Catalog.LookAgainAsync("046d:0825-B-00", Cancellation))?.Name);

        Assert.Equal(["video1"], _bed.TakeAsked());
        _bed.Fake.Unplug("video1");
        Assert.Null(await _bed.Catalog.LookAgainAsync("046d:0825-B-00", Cancellation));
    }

    [Fact]
    public async Task A_camera_that_was_out_and_in_between_two_looks_has_departed_and_arrived()
    {
        _bed.Fake.AddUsbCamera("1", "A", ["video0"], number: 4);
        await RescanAsync();
        Assert.Equal("/dev/bus/usb/001/004", _bed.Camera.UsbNode);
        Assert.Equal("usb1", _bed.Camera.UsbBus);
        _bed.TakeTold();

        _bed.Fake.AddUsbCamera("1", "A", ["video0"], number: 5);
        await LookAsync(LookScope.Marks);

        Assert.Equal(["changed", "-046d:0825-A-00", "changed", "+046d:0825-A-00"], _bed.TakeTold());
        Assert.Equal("/dev/bus/usb/001/005", _bed.Camera.UsbNode);
    }

    [Fact]
    public async Task One_of_the_same_place_is_another_when_its_node_was_made_anew()
    {
        _bed.Fake.AddVivid("video0");
        await RescanAsync();
        _bed.TakeTold();

        var link = Path.Combine(_bed.Fake.Sysfs, "class/video4linux/video0");
        var made = Path.Combine(_bed.Fake.Sysfs, "class/usb/made");
        Directory.CreateDirectory(Path.GetDirectoryName(made)!);
        File.CreateSymbolicLink(made, new FileInfo(link).LinkTarget!); // before the old one goes, so that it has another number
        File.Delete(link);
        Directory.Move(made, link);
        await LookAsync(LookScope.Marks);

        Assert.Equal(["changed", "-platform-vivid.0", "changed", "+platform-vivid.0"], _bed.TakeTold());
    }

    [Fact]
    public async Task What_goes_and_what_comes_is_told_while_another_hangs()
    {
        using var never = new ManualResetEventSlim();
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        await RescanAsync();
        _bed.TakeTold();
        _bed.Answers["video1"] = () =>
        {
            never.Wait(TimeSpan.FromMinutes(1));
            return CatalogBed.Answer("Late");
        };
        _bed.Fake.AddUsbCamera("2", "B", ["video1"]);
        var hanging = LookAsync(LookScope.Marks);
        await CatalogBed.UntilAsync(() => _bed.Asked.Contains("video1"), "video1 is asked");

        _bed.Fake.Unplug("video0");
        _bed.Fake.AddUsbCamera("3", "C", ["video2"]);
        await LookAsync(LookScope.Marks);

        Assert.Equal(["changed", "-046d:0825-A-00", "changed", "+046d:0825-C-00"], _bed.TakeTold());
        Assert.False(hanging.IsCompleted);
        _bed.Time.Pass(NodeQuestions.Patience);
        await hanging.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Contains("did not answer", _bed.Catalog.Present("046d:0825-B-00")?.Problem, StringComparison.Ordinal);

        // It is not asked a second time while it hangs, and what it answers in the end counts.
        await RescanAsync();
        Assert.Single(_bed.Asked, "video1");
        never.Set();
        await CatalogBed.UntilAsync(() => _bed.Catalog.Present("046d:0825-B-00")?.Name == "Late", "the late answer is taken");
    }

    [Fact]
    public async Task Who_asks_while_a_node_answers_gets_an_answer_of_its_own()
    {
        using var go = new SemaphoreSlim(0);
        var count = 0;
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        _bed.Answers["video0"] = () =>
        {
            go.Wait(TimeSpan.FromSeconds(30));
            return CatalogBed.Answer($"answer {Interlocked.Increment(ref count)}");
        };
        var first = RescanAsync();
        await CatalogBed.UntilAsync(() => _bed.Asked.Count == 1, "it is asked");
        Task[] later = [.. Enumerable.Range(0, 20).Select(_ => LookAsync(LookScope.Of("video0")))];
        go.Release(30);

        await Task.WhenAll([first, .. later]);

        Assert.Equal("answer 2", _bed.Camera.Name); // one for the first, one for all others
    }

    [Fact]
    public async Task A_look_for_a_request_asks_what_may_have_changed_without_a_word_once_a_second()
    {
        _bed.Fake.AddUsbCamera("1", "A", ["video0"]);
        _bed.Fake.AddUsbCamera("2", "B", ["video1"]);
        _bed.Fake.AddUsbCamera("3", "C", ["video2"]);
        _bed.Fake.AddUsbCamera("4", "D", ["video3"]);
        var signal = "no signal";
        _bed.Answers["video1"] = () => CatalogBed.Answer() with { Inputs = [new DeviceInput(0, "HDMI", true, signal)] };
        _bed.Answers["video2"] = () => CatalogBed.Answer() with { Problem = "not yet" };
        _bed.Answers["video3"] = () => CatalogBed.Answer() with { Driver = Device.LoopbackDriver };
        await RescanAsync();
        _bed.TakeAsked();

        signal = "ok";
        await _bed.Catalog.FreshenAsync(Cancellation);
        Assert.Empty(_bed.TakeAsked());
        _bed.Time.Pass(TimeSpan.FromSeconds(1));
        await _bed.Catalog.FreshenAsync(Cancellation);
        Assert.Equal(["video1", "video2", "video3"], _bed.TakeAsked().Order());
        Assert.Equal("ok", _bed.Catalog.Present("046d:0825-B-00")?.Inputs[0].Signal);

        _bed.Catalog.IsStreaming = stableId => stableId == "046d:0825-B-00";
        _bed.Time.Pass(TimeSpan.FromSeconds(1));
        await _bed.Catalog.FreshenAsync(Cancellation);
        Assert.Equal(["video2", "video3"], _bed.TakeAsked().Order());
    }

    [Fact]
    public async Task A_node_that_udev_has_not_done_with_is_left_to_its_message()
    {
        Directory.CreateDirectory(Path.Combine(_bed.Udev, "data"));
        await File.WriteAllTextAsync(Path.Combine(_bed.Udev, "control"), "", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(_bed.Udev, "data/c81:0"), "", Cancellation);
        _bed.Fake.AddUsbCamera("1", "A", ["video0", "video1"]);
        _bed.Fake.SetDeviceNumber("video0", "81:0");
        _bed.Fake.SetDeviceNumber("video1", "81:1");

        await LookAsync(LookScope.Of("video0") with { IsPrompt = true });
        Assert.Equal(["046d:0825-A-00"], _bed.Catalog.All.Select(device => device.StableId));

        await LookAsync(LookScope.Slow); // udev had its time
        Assert.Equal(["046d:0825-A-00", "046d:0825-A-00-index1"], _bed.Catalog.All.Select(device => device.StableId));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task RescanAsync() => _bed.Catalog.RescanAsync(Cancellation);

    private Task LookAsync(LookScope scope) => _bed.Catalog.LookAsync(scope);

    public void Dispose() => _bed.Dispose();
}
