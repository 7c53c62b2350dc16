// Events, measured against a real broker: how many a second are committed and confirmed, how long one takes from its commit to a consumer,
// and how large the outbox grows in a day without a broker. Beside each the bare client, which keeps nothing.
//   ThatDam.Events.Bench amqp://user:password@host:port
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using ThatDam.Agent.Publishing;
using ThatDam.Agent.State;
using ThatDam.Contract;
using ThatDam.Contract.Events;
using ThatDam.Events.Bench;

const int Devices = 8;
const int Each = 500;
const int LatencyCount = 2000;
const string Exchange = "bench-events";

var url = new Uri(args[0]);
var scratch = Directory.CreateTempSubdirectory("events-bench");
await using var connection = await new ConnectionFactory { Uri = url, AutomaticRecoveryEnabled = false }.CreateConnectionAsync();
await using var consuming = await connection.CreateChannelAsync();
await consuming.ExchangeDeclareAsync(Exchange, ExchangeType.Topic, durable: true);
var queue = (await consuming.QueueDeclareAsync()).QueueName;
await consuming.QueueBindAsync(queue, Exchange, "#");
var arrived = new ConcurrentDictionary<string, long>();
var consumer = new AsyncEventingBasicConsumer(consuming);
consumer.ReceivedAsync += (_, message) =>
{
    arrived[message.BasicProperties.MessageId!] = Stopwatch.GetTimestamp();
    return Task.CompletedTask;
};
await consuming.BasicConsumeAsync(queue, autoAck: true, consumer);
await using var bare = await Bare.OpenAsync(connection, Exchange);

using var state = StateDatabase.Open(Path.Combine(scratch.FullName, "state"));
var outbox = new EventOutbox(state, new OutboxOptions(), "bench", TimeProvider.System);
await using var publisher = new BrokerPublisher(
    new BrokerOptions { Urls = [url], Exchange = Exchange }, new OutboxOptions(), outbox, () => [], TimeProvider.System, NullLogger<BrokerPublisher>.Instance);
publisher.Start();
while (!publisher.Status().Connected)
    await Task.Delay(20);

static CaptureDeviceState Event(int i) => new() { Device = $"/dev/video{i % Devices}", State = "streaming", Previous = "idle", StableId = $"046d:0825-{i % Devices}-0" };
var body = Topics.ToJson(outbox.Commit(Event(0), "warm"));
await DrainedAsync();
await bare.RunAsync(Devices, 20, body);

Row("", "agent", "bare client", "ratio");
var watch = Stopwatch.StartNew();
for (var i = 0; i < Devices * Each; i++)
    outbox.Commit(Event(i), $"{i % Devices}");
var committed = Devices * Each / watch.Elapsed.TotalSeconds;
await DrainedAsync();
var confirmed = Devices * Each / watch.Elapsed.TotalSeconds;
var bareRate = await bare.RunAsync(Devices, Each, body);
Row($"events a second, {Devices} devices: committed (synced) and confirmed", $"{confirmed:0}", $"{bareRate:0}", $"{confirmed / bareRate:0.00}");
Row("  of that the commits alone", $"{committed:0}", "", "");

var ours = await LatenciesAsync(i => Task.FromResult(outbox.Commit(Event(i), $"{i % Devices}").EventId!.Value.ToString()));
var theirs = await LatenciesAsync(async i =>
{
    var id = $"latency-{i}";
    await bare.PublishAsync(id, "capture.bench", body);
    return id;
});
Row("commit to consumer at 100 a second, p50, ms", $"{At(ours, 0.5):0.0}", $"{At(theirs, 0.5):0.0}", $"{At(ours, 0.5) / At(theirs, 0.5):0.00}");
Row("                                    p99, ms", $"{At(ours, 0.99):0.0}", $"{At(theirs, 0.99):0.0}", $"{At(ours, 0.99) / At(theirs, 0.99):0.00}");

// A day without a broker: eight cameras, each starts and stops a recording every ten minutes; the list every five.
using (var away = StateDatabase.Open(Path.Combine(scratch.FullName, "away")))
{
    var day = new EventOutbox(away, new OutboxOptions(), "bench", TimeProvider.System);
    var devices = Enumerable.Range(0, Devices).Select(Summary).ToList();
    for (var minute = 0; minute < 24 * 60; minute += 5)
    {
        day.Commit(new CaptureDeviceList { Devices = devices, Cause = "interval" });
        for (var device = 0; minute % 10 == 0 && device < Devices; device++)
            Recording(day, device, minute);
    }
    var figures = day.Figures();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"a day without a broker: {figures.Pending} events wait, {figures.PendingBytes / 1024.0 / 1024:0.00} MiB of them, {figures.Coalesced} lists coalesced, {figures.Dropped} dropped; state.db and its log {Size("away") / 1024.0 / 1024:0.00} MiB"));
}
scratch.Delete(recursive: true);
return;

async Task DrainedAsync()
{
    while (outbox.Figures().Pending > 0)
        await Task.Delay(1);
}

// Each at its time, whether the one before has arrived or not.
async Task<List<double>> LatenciesAsync(Func<int, Task<string>> send)
{
    var sent = new ConcurrentDictionary<string, long>();
    var sending = new List<Task>();
    var began = Stopwatch.StartNew();
    for (var i = 0; i < LatencyCount; i++)
    {
        while (began.Elapsed.TotalMilliseconds < i * 10)
            await Task.Delay(1);
        var at = Stopwatch.GetTimestamp();
        var n = i;
        sending.Add(Task.Run(async () => sent[await send(n)] = at));
    }
    await Task.WhenAll(sending);
    await DrainedAsync();
    while (!sent.Keys.All(arrived.ContainsKey))
        await Task.Delay(10);
    return [.. sent.Select(pair => Stopwatch.GetElapsedTime(pair.Value, arrived[pair.Key]).TotalMilliseconds).Order()];
}

static double At(List<double> sorted, double share) => sorted[(int)(share * (sorted.Count - 1))];

static void Row(string what, string agent, string bare, string ratio) => Console.WriteLine($"{what,-66} {agent,10} {bare,12} {ratio,8}");

long Size(string name) => new DirectoryInfo(Path.Combine(scratch.FullName, name)).EnumerateFiles().Sum(file => file.Length);

static void Recording(EventOutbox outbox, int device, int minute)
{
    var (id, node, file) = ($"20261124-{minute:0000}-{device}", $"/dev/video{device}", $"/var/lib/thatdam/recordings/video{device}-h264-20261124T{minute:0000}00Z.mp4");
    var stable = $"046d:0825-A1B2C3-{device}";
    outbox.Commit(new CaptureDeviceState { Device = node, State = "streaming", Previous = "idle", StableId = stable }, stable);
    outbox.Commit(new CaptureRecordingStarted { Device = node, File = file, RecordingId = id, Segment = 1, Final = false, StableId = stable, Codec = "h264", Container = "mp4", Width = 1920, Height = 1080, Fps = 30 }, stable);
    outbox.Commit(new TenantAccess { Action = "recording.start", Target = node, Allowed = true, Status = 201, Pid = 4711 });
    outbox.Commit(new CaptureRecordingStopped { Device = node, File = file, Reason = "duration", RecordingId = id, Segment = 1, Final = true, StableId = stable, DurationS = 600, Bytes = 1 << 30, Frames = new FrameCounts { Captured = 18000, Written = 18000 } }, stable);
    outbox.Commit(new CaptureSegmentCreated { Device = node, File = file, RecordingId = id, Segment = 1, Final = true, StableId = stable, DurationS = 600, Bytes = 1 << 30, Codec = "h264", Container = "mp4" }, stable);
    outbox.Commit(new CaptureDeviceState { Device = node, State = "idle", Previous = "streaming", StableId = stable }, stable);
}

static DeviceSummary Summary(int device) => new()
{
    Id = $"/dev/video{device}",
    Kind = "v4l2",
    Path = $"/dev/video{device}",
    Name = "UVC Camera (Logitech C920)",
    Capabilities = new DeviceCapabilities { Resolutions = ["1920x1080", "1280x720", "640x480"], Fps = [5, 10, 15, 24, 30], Formats = ["YUYV", "MJPEG", "H264"] },
    Status = "online",
    LastSeen = TimeProvider.System.GetUtcNow(),
    StableId = $"046d:0825-A1B2C3-{device}",
    Driver = "uvcvideo",
    Bus = $"usb-0000:00:14.0-{device}",
    State = "streaming",
};
