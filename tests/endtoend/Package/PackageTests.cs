using ThatDam.Contract;
using static ThatDam.EndToEnd.Tests.Package.InstalledPackage;

namespace ThatDam.EndToEnd.Tests.Package;

/// <summary>The package as it comes.</summary>
[Trait("bed", "guest")]
[Trait("boot", "systemd")]
[Collection<PackageBed>]
public sealed class PackageTests : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task It_starts_lists_cameras_and_records_one()
    {
        await SystemctlAsync("stop", Unit);
        await SystemctlAsync("start", Unit);
        Assert.Equal(("active", "running", "thatdam"), (await PropertyAsync("ActiveState"), await PropertyAsync("SubState"), await PropertyAsync("User")));
        Assert.Contains("/dev/video0", (await DamctlAsync("devices", "list")).MustSucceed().Stdout, StringComparison.Ordinal);

        var started = await StartAsync("/dev/video0", "--duration", "2");
        var recording = started;
        await Eventually.TrueAsync(async () => (recording = await ShowAsync(started.Id)).State == "stopped", "it has ended", 60);
        await MustPlayAsync(recording);
        Assert.StartsWith("/var/lib/thatdam/recordings/", recording.File, StringComparison.Ordinal);
        Assert.Equal("thatdam thatdam 640", (await Command.RunAsync("stat", "-c", "%U %G %a", recording.File)).MustSucceed().Stdout.Trim());
    }

    [Fact]
    public async Task Its_sockets_are_systemds_and_outlive_it()
    {
        Assert.Equal("thatdam thatdam 660", (await Command.RunAsync("stat", "-c", "%U %G %a", "/run/thatdam/capture.sock")).MustSucceed().Stdout.Trim());
        var watch = (await JsonAsync(ContractJson.Default.AgentStatus, "status")).Watch;
        Assert.Equal("udev", watch?.Source);
        Assert.True(watch!.ReceiveBufferBytes >= 16 << 20, $"only {watch.ReceiveBufferBytes} bytes of messages on devices may wait");

        await SystemctlAsync("stop", Unit);
        Assert.Equal("inactive", await PropertyAsync("ActiveState"));
        (await DamctlAsync("status")).MustSucceed(); // who asks starts it
        Assert.Equal("active", await PropertyAsync("ActiveState"));
    }

    [Fact]
    public async Task A_socket_of_the_configuration_is_served_besides_that_of_the_unit()
    {
        await ConfigureAsync("[Control]\nSocket=/run/thatdam/other.sock\n");
        (await DamctlAsync("--socket", "/run/thatdam/other.sock", "status")).MustSucceed();
        (await DamctlAsync("status")).MustSucceed();
    }

    [Fact]
    public async Task A_camera_that_is_plugged_in_later_can_be_opened()
    {
        await Vivid.UnbindAsync();
        try
        {
            await RestartAsync();
        }
        finally
        {
            await Vivid.BindAsync();
        }

        await Eventually.TrueAsync(async () => (await JsonAsync(ContractJson.Default.DeviceList, "devices", "list")).Devices.Any(
            device => device.Id == "/dev/video0" && device.Status == "online" && device.Problem is null), "it is in the list, without a problem", 60);
    }

    [Fact]
    public async Task A_reload_takes_what_can_change_and_tells_what_cannot()
    {
        var pid = await PidAsync();
        await WriteAsync("[Log]\nLevel=debug\n[Broker]\nExchange=other\n[Camera:desk]\nMatch=id:virtual:1\n");
        await SystemctlAsync("reload", Unit);

        await Eventually.TrueAsync(async () => (await JournalAsync()).Contains("in force after a restart (systemctl restart thatdam-capture): Broker.Exchange", StringComparison.Ordinal), "what cannot change is told", 20);
        Assert.Equal(pid, await PidAsync());
        Assert.Contains("virtual:1", (await DamctlAsync("devices", "show", "desk")).MustSucceed().Stdout, StringComparison.Ordinal);

        await WriteAsync("[Log]\nLevel=loud\n");
        await SystemctlAsync("reload", Unit);
        await Eventually.TrueAsync(async () => (await JournalAsync()).Contains("test.conf:2: Level=loud", StringComparison.Ordinal), "the mistake is told, with its place", 20);
        (await DamctlAsync("devices", "show", "desk")).MustSucceed();
        Assert.Equal("active", await PropertyAsync("ActiveState"));
    }

    [Fact]
    public async Task When_it_is_stopped_four_recordings_are_final_soon()
    {
        List<Recording> started = [];
        foreach (var device in new[] { "virtual:0", "virtual:1", "/dev/video0", "/dev/video1" })
            started.Add(await StartAsync(device));
        var pid = await PidAsync();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await SystemctlAsync("stop", Unit);
        TestContext.Current.TestOutputHelper?.WriteLine($"stopped in {clock.Elapsed.TotalSeconds:0.00} s");

        Assert.False(Directory.Exists($"/proc/{pid}"));
        Assert.Equal("success", await PropertyAsync("Result")); // nothing was killed: TimeoutStopSec= was not reached
        Assert.DoesNotContain(Processes.All(), process => process.Name == "ffmpeg");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 60);
        await SystemctlAsync("start", Unit);
        foreach (var recording in started)
        {
            var ended = await ShowAsync(recording.Id);
            Assert.Equal(("stopped", "shutdown"), (ended.State, ended.Reason));
            await MustPlayAsync(ended);
        }
    }

    [Fact]
    public async Task What_was_recorded_when_it_was_killed_goes_on()
    {
        await ConfigureAsync("[Recording]\nResumeWithin=2min\n");
        var started = await StartAsync("virtual:0", "--label", "take");
        await Eventually.TrueAsync(async () => (await ShowAsync(started.Id)).Frames.Written > 60, "two seconds of it are in the file", 60);
        (await Command.RunAsync("kill", "-KILL", (await PidAsync()).ToString(System.Globalization.CultureInfo.InvariantCulture))).MustSucceed();

        IReadOnlyList<Recording> next = [];
        await Eventually.TrueAsync(async () => (await DamctlAsync("status")).ExitCode == 0
            && (next = (await JsonAsync(ContractJson.Default.RecordingList, "record", "list", "--active")).Recordings).Count == 1, "it records again", 60);
        Assert.Equal((started.Id, "take", started.StableId), (next[0].Continues, next[0].Label, next[0].StableId));
        var before = await ShowAsync(started.Id);
        Assert.Equal(("stopped", "recovered"), (before.State, before.Reason));
        (await DamctlAsync("record", "stop", "--all")).MustSucceed();
    }
}
