using System.Text.Json;
using System.Text.Json.Nodes;

using Microsoft.AspNetCore.Http;

using ThatDam.Cli.Output;
using ThatDam.Contract.Events;
using ThatDam.Tests;

namespace ThatDam.Cli.Tests.Commands;

public sealed class EventsTailTests
{
    private const string Stream = "GET /v1/stream/events?pattern=%23&follow=true";
    private const string SinceStream = "GET /v1/stream/events?pattern=capture.%23&since=2026-11-24T07%3A40%3A41Z&follow=false";

    /// <summary>Events of every topic that a service tells again and again.</summary>
    private static readonly ContractEvent[] s_events =
    [
        new CaptureAlive { Ts = Samples.Moment, Version = "0.1.0", Devices = [Samples.Webcam, Samples.Grabber] },
        new CaptureDeviceList { Ts = Samples.Moment, Devices = [Samples.Webcam], Cause = "change" },
        new CaptureDeviceState { Ts = Samples.Moment, Device = "/dev/video0", State = "streaming", Previous = "closed" },
        new CaptureDeviceState { Ts = Samples.Moment, Device = "/dev/video2", State = "stalled", Previous = "streaming", Reason = "no frame for 2.1 s" },
        new CaptureDeviceState { Ts = Samples.Moment, Device = "/dev/video2", State = "waiting", Previous = "lost", Reason = "/dev/video2 was unplugged" },
        new CaptureRecordingStopped
        {
            Ts = Samples.Moment, Device = "/dev/video0", File = "/r/a.mp4", Reason = "stalled", Segment = 1, Final = false, DurationS = 5.2, Bytes = 12_345_678, Error = "no frame for 2.1 s",
        },
        new CaptureRecordingStarted
        {
            Ts = Samples.Moment, Device = "/dev/video0", File = "/r/a.mp4", RecordingId = "k3f9", Segment = 1, Alias = "front-desk", Codec = "h264", Container = "mp4",
            Width = 1280, Height = 720, Fps = 29.97,
        },
        new CaptureRecordingStopped
        {
            Ts = Samples.Moment.AddSeconds(5), Device = "/dev/video0", File = "/r/a.mp4", Reason = "manual", Segment = 1, DurationS = 5.2, Bytes = 12_345_678,
        },
        new CaptureSegmentCreated
        {
            Ts = Samples.Moment, Device = "/dev/video0", File = "/r/a.mp4", RecordingId = "k3f9", Segment = 1, Final = true, DurationS = 5.2, Bytes = 12_345_678,
        },
        new CaptureRecordingStopped { Ts = Samples.Moment, Device = "/dev/video2", File = "/r/b.mp4", Reason = "disk_full", Error = "/r: no space left" },
        new CaptureError { Ts = Samples.Moment, Error = "/r: no space left", Code = "disk_full", Device = "/dev/video2", Remedy = "delete some recordings" },
        new TenantAccess { Ts = Samples.Moment, Action = "recording.start", Target = "/dev/video0", Allowed = true, PrincipalId = "uid:1000(ann)", Status = 201 },
        new TenantAccess { Ts = Samples.Moment, Action = "devices.rescan", Allowed = false, PrincipalId = "uid:33(www)", Status = 403, Code = "denied" },
        new TenantLimit { Ts = Samples.Moment, Limit = "recordings", Allowed = 4, Used = 4, Action = "recording.start", Target = "/dev/video0" },
        new VideoIngestJobCreated { Ts = Samples.Moment, JobId = "c0", VideoPath = "/r/a.mp4", Source = "recording" },
        new VideoIngestJobCompleted { Ts = Samples.Moment, JobId = "c0", VideoPath = "/r/a.mp4" },
        new VideoError { Ts = Samples.Moment, Error = "database gone" },
        new VideoReady { Ts = Samples.Moment, Version = "2" },
        new WebappAlive { Ts = Samples.Moment, Version = "3", UserAgent = "Browser/1" },
        new WebappUserAction { Ts = Samples.Moment, Action = "search" },
        new WebappError { Ts = Samples.Moment, Error = "HTTP 500" },
    ];

    [Fact]
    public async Task Each_topic_has_its_summary()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.Stream(
            Stream,
            open: false,
            [
                .. s_events.Select(Enveloped),
                """{"topic":"events.schemas","event":{"ts":"2026-11-24T07:50:41Z","version":"0.1.0","schemas":[{},{}]}}""",
                """{"topic":"capture.later","event":{"ts":"2026-11-24T07:50:41Z","x":1.50}}""",
            ]);

        Outcome outcome = Damctl.Run(daemon, "events", "tail");

        Assert.Equal(5, outcome.ExitCode);
        Assert.StartsWith($"damctl: {daemon.SocketPath}: the daemon ended the stream\n", outcome.Error, StringComparison.Ordinal);
        Assert.Equal([Topics.EventsSchemas], Topics.All.Keys.Except(s_events.Select(e => e.Topic)));
        Snapshot.Matches(outcome.Out);
    }

    [Fact]
    public async Task Hostile_events_do_nothing_to_the_terminal()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.Stream(
            Stream,
            open: false,
            """{"topic":"capture.error","event":{"ts":"2026-11-24T07:50:41Z","device":"\u001b[2J\n","error":"\u001b]0;x\u0007\r\n\u202egpj.exe\u009b31m","remedy":"\u0000"}}""",
            """{"topic":"\u001b[2Jtopic","event":{"x":"\u001b"}}""",
            """{"topic":"capture.later","event":{"ts":5,"x":"‮ raw"}}""",
            """{"topic":"capture.error","event":{"ts":"2026-11-24T07:50:41Z","error":"\ud800"}}""",
            """{"topic":"capture.error","event":{"ts":"2026-11-24T07:50:41Z","\ud800":1}}""",
            """{"topic":"capture.recording_stopped","event":{"ts":"9999-12-31T23:59:59Z","file":{},"bytes":1e999,"duration_s":-1e300,"segment":[1]}}""",
            """{"topic":"capture.device_list","event":{"ts":"not a time","devices":"none"}}""");

        Outcome outcome = Damctl.Run(daemon, "events", "tail");

        Assert.DoesNotContain(outcome.Out, character => char.IsControl(character) && character != '\n');
        Assert.DoesNotContain('\u202e', outcome.Out);
        Snapshot.Matches(outcome.Out);
    }

    [Fact]
    public async Task A_line_fits_the_terminal_and_errors_are_red()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.Stream(Stream, open: false, [.. s_events.Select(Enveloped)]);

        string[] plain = Damctl.Run(daemon, width: 80, ["events", "tail"]).Out.Split('\n');
        string[] styled = Damctl.Run(daemon, width: 80, ["events", "tail"], styled: true).Out.Split('\n');

        Assert.All(plain, line => Assert.True(PlainText.Width(line) <= 80, line));
        Assert.All(styled.Where(line => line.Contains(".error ", StringComparison.Ordinal)), line => Assert.StartsWith("\e[31m", line, StringComparison.Ordinal));
        Assert.Equal(5, styled.Count(line => line.StartsWith("\e[31m", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("jsonl")]
    public async Task Json_is_a_line_for_each_as_it_came(string format)
    {
        const string First = """{"topic":"capture.error","event":{"error":"\u001b[2J","n":1.50}}""";
        const string Second = """{"topic":"x.y","event":{}}""";
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.Stream(Stream, open: false, First, Second);

        Assert.Equal($"{First}\n{Second}\n", Damctl.Run(daemon, "events", "tail", "-o", format).Out);
    }

    [Fact]
    public async Task Without_following_the_end_of_what_there_is_is_no_error()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.Stream(SinceStream, open: false, Enveloped(s_events[0]));

        Assert.Contains("capture.alive", Damctl.Run(daemon, "events", "tail", "capture.#", "--since", "10m", "--no-follow").Good(), StringComparison.Ordinal);
        Assert.NotEmpty(Damctl.Run(daemon, "events", "tail", "capture.#", "--no-follow", "--since", "2026-11-24T07:40:41Z").Good());
    }

    [Fact]
    public async Task Without_following_a_stream_that_is_cut_off_is_an_error()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(SinceStream, async context =>
        {
            await context.Response.WriteAsync($"data: {Enveloped(s_events[0])}\n\ndata: {{");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });

        // What was sent just before a connection is aborted may be lost with it.
        Assert.Equal(5, Damctl.Run(daemon, "events", "tail", "capture.#", "--since", "10m", "--no-follow").ExitCode);
    }

    [Fact]
    public async Task A_pattern_that_the_daemon_refuses_is_told_with_its_remedy()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.Refuse("GET /v1/stream/events?pattern=a..b%26since%3D&follow=true", 422, "'a..b&since=' is no pattern", "put words between the dots");

        Assert.Equal(
            new Outcome(1, "", "damctl: 'a..b&since=' is no pattern\n  remedy: put words between the dots\n"),
            Damctl.Run(daemon, "events", "tail", "a..b&since="));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"topic":"x"}""")]
    [InlineData("""{"topic":null,"event":{}}""")]
    [InlineData("""{"topic":"x","event":[]}""")]
    [InlineData("nonsense")]
    public async Task What_is_no_event_is_told(string data)
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.Stream(Stream, open: true, data);

        Outcome outcome = Damctl.Run(daemon, "events", "tail");

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Out));
        Assert.StartsWith("damctl: the daemon's answer: not understood (", outcome.Error, StringComparison.Ordinal);
    }

    private static string Enveloped(ContractEvent e) =>
        new JsonObject { ["topic"] = e.Topic, ["event"] = JsonSerializer.SerializeToNode(e, Topics.All[e.Topic]) }.ToJsonString();
}
