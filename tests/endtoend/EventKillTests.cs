using System.Globalization;

namespace ThatDam.EndToEnd.Tests;

/// <summary>kill -9 of the daemon, over and over: what was committed arrives, once each or with the same id.</summary>
[Trait("pace", "waits")]
public sealed class EventKillTests(ITestOutputHelper output)
{
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
            var load = Task.WhenAll(EventLoad.RunAsync(daemon, "virtual:0", stop.Token), EventLoad.RunAsync(daemon, "virtual:1", stop.Token));
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
        await Eventually.TrueAsync(() => committed.HaveArrived(tap.All), "every committed event has come", 30);
        committed.MustHaveArrived(tap.All);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{committed.Count} events committed, {tap.All.Count} deliveries, {tap.All.Count - tap.All.DistinctBy(e => e.MessageId).Count()} of them again, {tap.Of("capture.recording_started").DistinctBy(e => e.MessageId).Count()} recordings"));
    }
}
