using System.Diagnostics;
using System.Globalization;
using static ThatDam.EndToEnd.Tests.Package.InstalledPackage;

namespace ThatDam.EndToEnd.Tests.Package;

/// <summary>A loop of the daemon that hangs, by its debug hook.</summary>
[Trait("bed", "guest")]
[Trait("boot", "systemd")]
[Collection<PackageBed>]
public sealed class WatchdogTests : IAsyncLifetime
{
    private const string Hang = "/run/thatdam/hang";

    public async ValueTask InitializeAsync() => await ResetAsync();

    public async ValueTask DisposeAsync() => await ResetAsync();

    [Theory]
    [InlineData("uevents")]
    [InlineData("control")]
    [InlineData("recording")]
    [InlineData("publishing")]
    public async Task It_is_restarted_within_twenty_seconds_and_its_recording_is_recovered(string loop)
    {
        await WriteAsync("[Broker]\nUrl=amqp://127.0.0.1:9\n"); // nobody is there, and it tries
        await RestartOnceWithAsync($"[Service]\nEnvironment=THATDAM_DEBUG_HANG={loop}:{Hang}\n");
        var pid = await PidAsync();
        var recording = await StartAsync("virtual:0");
        await File.WriteAllTextAsync(Hang, "");
        var clock = Stopwatch.StartNew();

        await Eventually.TrueAsync(async () => await PidAsync() is not 0 and var now && now != pid && await PropertyAsync("ActiveState") == "active", "it was restarted", 60);
        var took = clock.Elapsed.TotalSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{loop}: restarted {took:0.0} s after it hung"));
        File.Delete(Hang);

        Assert.InRange(took, 0, 20);
        Assert.Contains($"A loop of the daemon does not come round: {loop}", await JournalAsync(), StringComparison.Ordinal);
        var recovered = await ShowAsync(recording.Id);
        Assert.Equal(("stopped", "recovered"), (recovered.State, recovered.Reason));
        await MustPlayAsync(recovered);
    }

    [Fact]
    public async Task A_daemon_whose_loops_come_round_lives()
    {
        var pid = await PidAsync();
        await Eventually.TrueAsync(async () => long.Parse(await PropertyAsync("ActiveEnterTimestampMonotonic"), CultureInfo.InvariantCulture) / 1e6 + 30
            < double.Parse((await File.ReadAllTextAsync("/proc/uptime")).Split(' ')[0], CultureInfo.InvariantCulture), "half a minute has passed", 60);
        Assert.Equal(pid, await PidAsync());
    }
}
