using System.Diagnostics;
using ThatDam.Contract;

namespace ThatDam.EndToEnd.Tests;

/// <summary>The broker fails while events are made: nothing is lost, the order of a device is kept, nobody restarts the daemon.</summary>
[Trait("pace", "waits")]
public sealed class BrokerOutageTests(OneBroker one, ITestOutputHelper output) : IClassFixture<OneBroker>
{
    private readonly string _exchange = $"events-{Guid.NewGuid().ToString("N")[..8]}";

    private Broker Broker => one.Broker;

    private string[] Here => [$"Broker.Url={Broker.Url}", $"Broker.Exchange={_exchange}", "Broker.ConfirmTimeout=2"];

    [Fact]
    public async Task Killed_and_started_again()
    {
        await using var tap = await EventTap.StartAsync(Broker, _exchange);
        await using var daemon = await EventsOfDaemon.StartAsync(Here);
        await daemon.MakeEventsAsync();
        await daemon.AllSentAsync();

        await Broker.KillAsync();
        await daemon.BrokerProblemAsync("refuses connections");
        await daemon.MakeEventsAsync();
        await daemon.MakeEventsAsync();
        Assert.True((await daemon.EventsAsync()).Pending >= 4);
        await Broker.StartAgainAsync();

        await tap.WaitAsync("capture.recording_stopped", 3, 90);
        await daemon.AllSentAsync();
        Assert.Single(daemon.Logged("refuses connections"));
        Assert.Equal(2, daemon.Logged("Connected to the broker").Count);
        Assert.Single(tap.Of("capture.alive").DistinctBy(e => e.MessageId));
        MustBeInOrder(tap);
    }

    [Fact]
    public async Task Its_exchange_is_deleted()
    {
        await using var tap = await EventTap.StartAsync(Broker, _exchange);
        await using var daemon = await EventsOfDaemon.StartAsync(Here);
        await daemon.AllSentAsync();

        await Broker.DeleteExchangeAsync(_exchange);
        await daemon.MakeEventsAsync();
        await daemon.AllSentAsync();
        Assert.Contains("bind the queues", Assert.Single(daemon.Logged($"has lost the exchange '{_exchange}'")), StringComparison.Ordinal);

        await tap.BindAsync();
        var recording = await daemon.MakeEventsAsync();
        await tap.WaitAsync(all => all.Any(e => e.Topic == "capture.recording_stopped" && e.Text("file") == recording.File), "the stop of the second recording");
    }

    [Fact]
    public async Task It_closes_the_connection()
    {
        await using var tap = await EventTap.StartAsync(Broker, _exchange);
        await using var daemon = await EventsOfDaemon.StartAsync(Here);
        await daemon.AllSentAsync();
        await Broker.ControlAsync("close_all_connections", "for-maintenance");
        await daemon.EventsAsync(status => status is { Connected: true, Connections: >= 2 }, "connected again");
        Assert.Contains("for-maintenance", Assert.Single(daemon.Logged("closed the connection")), StringComparison.Ordinal);
        await daemon.MakeEventsAsync();
        await tap.WaitAsync("capture.recording_stopped");
    }

    [Fact]
    public async Task Short_of_memory_it_takes_nothing_for_a_while()
    {
        var length = TimeSpan.FromSeconds(Programs.FullLength ? 60 : 8);
        await using var tap = await EventTap.StartAsync(Broker, _exchange);
        await using var daemon = await EventsOfDaemon.StartAsync(Here);
        await daemon.AllSentAsync();
        await Broker.SetMemoryAlarmAsync(true);
        try
        {
            await daemon.MakeEventsAsync();
            await daemon.MakeEventsAsync();
            Assert.Contains("rabbitmqctl status", await daemon.BrokerProblemAsync("takes no messages for now"), StringComparison.Ordinal);
            // Longer than a confirm may take: the connection is kept all the same.
            var slowest = await EventsOfDaemon.MeasureAsync(length, async () => Assert.Equal((false, 1), await ConnectionAsync(daemon)));
            output.WriteLine($"GET /v1/events/status while blocked for {length.TotalSeconds} s: {slowest.Count} times, at most {slowest[^1].TotalMilliseconds:0.0} ms");
        }
        finally
        {
            await Broker.SetMemoryAlarmAsync(false);
        }

        await tap.WaitAsync("capture.recording_stopped", 2);
        var status = await daemon.AllSentAsync();
        Assert.Equal(1, status.Connections);
        Assert.Single(daemon.Logged("takes no messages for now"));
        Assert.Single(daemon.Logged("takes messages again"));
        MustBeInOrder(tap);
    }

    [Fact]
    public async Task Frozen_while_a_recording_runs()
    {
        var length = TimeSpan.FromSeconds(Programs.FullLength ? 120 : 10);
        await using var tap = await EventTap.StartAsync(Broker, _exchange);
        await using var daemon = await EventsOfDaemon.StartAsync(new DaemonSettings { VirtualCameras = 2 }, Here);
        await daemon.AllSentAsync();
        var recording = await daemon.StartRecordingAsync("virtual:1", "--size", "640x360", "--fps", "30", "--codec", "mjpeg", "--container", "mkv");
        Broker.Freeze();
        Recording stopped;
        try
        {
            await daemon.MakeEventsAsync();
            var before = (await daemon.ShowAsync(recording.Id)).Frames;
            var all = await EventsOfDaemon.MeasureAsync(length, async () => await daemon.StatusAsync());
            var p99 = all[(int)(0.99 * (all.Count - 1))];
            output.WriteLine($"damctl status while the broker was frozen for {length.TotalSeconds} s: {all.Count} times, p50 {all[all.Count / 2].TotalMilliseconds:0.0} ms, p99 {p99.TotalMilliseconds:0.0} ms, at most {all[^1].TotalMilliseconds:0.0} ms");
            Assert.True(p99 < TimeSpan.FromSeconds(5), $"p99 of damctl status is {p99}");
            await daemon.EventsAsync(status => status is { Connected: false, Pending: >= 2 }, "the events wait");
            stopped = await daemon.StopRecordingAsync(recording.Id);
            Assert.True(stopped.Frames.Captured > before.Captured, $"{stopped.Frames} after {before}");
        }
        finally
        {
            Broker.Thaw();
        }

        var thawed = Stopwatch.StartNew();
        // Lost is what the camera made while the machine was too busy to take it: so it is without a broker, too, under load.
        output.WriteLine($"the recording meanwhile: {stopped.Frames}");
        Assert.Equal((0, 0, stopped.Frames.Captured), (stopped.Frames.Dropped, stopped.Frames.Error, stopped.Frames.Written));
        await tap.WaitAsync("capture.recording_stopped", 2, 90);
        await daemon.AllSentAsync();
        output.WriteLine($"all sent {thawed.Elapsed.TotalSeconds:0.0} s after it went on");
        Assert.Contains("sent again", Assert.Single(daemon.Logged("did not confirm a message within 2 s")), StringComparison.Ordinal);
        Assert.InRange(daemon.Logged("does not answer").Count, 0, 1);
        MustBeInOrder(tap);
    }

    private static async Task<(bool Connected, long Connections)> ConnectionAsync(Daemon daemon)
    {
        var status = await daemon.EventsAsync();
        return (status.Connected, status.Connections);
    }

    // A message may come twice, with the same id; the first copies of a device come in order.
    private static void MustBeInOrder(EventTap tap)
    {
        foreach (var stream in tap.All.DistinctBy(e => e.MessageId).GroupBy(e => e.Text("stable_id")))
        {
            var seqs = stream.Select(e => e.Json.GetProperty("seq").GetInt64()).ToList();
            Assert.Equal(seqs.Order(), seqs);
        }
    }
}
