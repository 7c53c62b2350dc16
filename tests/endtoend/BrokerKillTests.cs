using System.Globalization;

namespace ThatDam.EndToEnd.Tests;

/// <summary>kill -9 of the broker, over and over: every event arrives, once or with the same id.</summary>
[Trait("pace", "waits")]
public sealed class BrokerKillTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Killing_the_broker_loses_no_event()
    {
        var rounds = Programs.FullLength ? 20 : 5;
        await using var broker = await Broker.StartAsync();
        await using var tap = await EventTap.StartAsync(broker, "events");
        await using var daemon = await EventsOfDaemon.StartAsync(new DaemonSettings { VirtualCameras = 2 }, $"Broker.Url={broker.Url}");
        var committed = new CommittedEvents();
        using var stop = new CancellationTokenSource();
        var load = Task.WhenAll(EventLoad.RunAsync(daemon, "virtual:0", stop.Token), EventLoad.RunAsync(daemon, "virtual:1", stop.Token));
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
        await Eventually.TrueAsync(() => committed.HaveArrived(tap.All), "every committed event has come", 60);
        committed.MustHaveArrived(tap.All);
        var status = await daemon.EventsAsync();
        Assert.True(status.Connections > rounds, $"{status.Connections} connections");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{rounds} kills, {status.Connections} connections, {committed.Count} events committed, {tap.All.Count} deliveries, {tap.All.Count - tap.All.DistinctBy(e => e.MessageId).Count()} of them again"));
    }
}
