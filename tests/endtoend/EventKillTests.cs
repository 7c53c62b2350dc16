using System.Globalization;

namespace ThatDam.EndToEnd.Tests;

/// <summary>kill -9 of the daemon and of the broker, over and over: what was committed arrives, once each or with the same id.</summary>
[Trait("pace", "waits")]
public sealed class EventKillTests(ITestOutputHelper output)
{
    private static readonly string[] Mode = ["--size", "640x360", "--fps", "30", "--codec", "mjpeg"];

    [Fact]
    public async Task Killing_the_daemon_loses_no_committed_event()
    {
        var rounds = Programs.FullLength ? 100 : 10;
        var seed = Environment.TickCount;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rounds} rounds, seed {seed}"));
        var random = new Random(seed);
        await using var broker = await Broker.StartAsync();
        await using var tap = await EventTap.StartAsync(broker, "events");
        using var folder = new TemporaryFolder();
        var settings = new DaemonSettings
        {
            VirtualCameras = 2,
            State = Path.Combine(folder.Path, "state"),
            Output = Path.Combine(folder.Path, "recordings"),
            Flags = ["--set", $"Broker.Url={broker.Url}"],
        };
        Directory.CreateDirectory(settings.Output);
        var committed = new CommittedEvents();

        for (var round = 0; round < rounds; round++)
        {
            await using var daemon = await Daemon.StartAsync(settings);
            await Eventually.TrueAsync(async () => (await daemon.StatusAsync()).Ffmpeg.Probed, "the encoders have been tried", 120);
            using var stop = new CancellationTokenSource();
            var load = Task.WhenAll(LoadAsync(daemon, "virtual:0", stop.Token), LoadAsync(daemon, "virtual:1", stop.Token));
            // The instant is what matters, not what happens in it.
            await Task.Delay(random.Next(20, 3000), TestContext.Current.CancellationToken);
            await daemon.StopAsync(Processes.SIGKILL);
            await stop.CancelAsync();
            await load;
            committed.Take(settings.State);
        }

        await using (var last = await Daemon.StartAsync(settings))
        {
            await last.AllSentAsync();
            Assert.Empty(await last.ActiveAsync());
            await last.StopAsync();
        }
        committed.Take(settings.State);
        await tap.WaitAsync(all => all.Any(e => e.Topic == "capture.alive"), "a daemon said that it lives");
        await Eventually.TrueAsync(() => Missing(committed, tap) is null, "every committed event has come", 30);
        committed.MustHaveArrived(tap.All);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{committed.Count} events committed, {tap.All.Count} deliveries, {tap.All.Count - tap.All.DistinctBy(e => e.MessageId).Count()} of them again, {tap.Of("capture.recording_started").DistinctBy(e => e.MessageId).Count()} recordings"));
    }

    [Fact]
    public async Task Killing_the_broker_loses_no_event()
    {
        var rounds = Programs.FullLength ? 20 : 5;
        await using var broker = await Broker.StartAsync();
        await using var tap = await EventTap.StartAsync(broker, "events");
        await using var daemon = await EventsOfDaemon.StartAsync(new DaemonSettings { VirtualCameras = 2 }, $"Broker.Url={broker.Url}");
        var committed = new CommittedEvents();
        using var stop = new CancellationTokenSource();
        var load = Task.WhenAll(LoadAsync(daemon, "virtual:0", stop.Token), LoadAsync(daemon, "virtual:1", stop.Token));
        for (var round = 0; round < rounds; round++)
        {
            await daemon.EventsAsync(status => status.Connected, "it is connected", 120);
            var before = tap.All.Count;
            await tap.WaitAsync(all => load.IsCompleted || all.Count > before, "events flow", 120);
            if (load.IsCompleted)
                await load; // says why
            await broker.KillAsync();
            await broker.StartAgainAsync();
            await committed.TakeAsync(daemon);
        }
        await stop.CancelAsync();
        await load;

        await daemon.AllSentAsync(120);
        await committed.TakeAsync(daemon);
        await Eventually.TrueAsync(() => Missing(committed, tap) is null, "every committed event has come", 60);
        committed.MustHaveArrived(tap.All);
        var status = await daemon.EventsAsync();
        Assert.True(status.Connections > rounds, $"{status.Connections} connections");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{rounds} kills, {status.Connections} connections, {committed.Count} events committed, {tap.All.Count} deliveries, {tap.All.Count - tap.All.DistinctBy(e => e.MessageId).Count()} of them again"));
    }

    // Recordings that start and stop until the daemon is gone, or the test has enough.
    private static async Task LoadAsync(Daemon daemon, string device, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var said = await daemon.DamctlAsync(["record", "start", device, "--duration", "0.2s", "--wait", .. Mode]);
            if (said.ExitCode != 0 && !stop.IsCancellationRequested && !daemon.HasEnded)
                said.MustSucceed();
            if (daemon.HasEnded)
                return;
        }
    }

    private static string? Missing(CommittedEvents committed, EventTap tap)
    {
        try
        {
            committed.MustHaveArrived(tap.All);
            return null;
        }
        catch (Xunit.Sdk.XunitException e)
        {
            return e.Message;
        }
    }
}
