using ThatDam.Tests;

namespace ThatDam.Cli.Tests.Commands;

public sealed class RecordStartTests
{
    private const string Start = "POST /v1/recordings";
    private const string Stream = "GET /v1/stream/recordings";
    private static readonly string s_show = $"GET /v1/recordings/{Samples.Running.Id}";

    [Fact]
    public async Task Sends_only_what_was_asked_for()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Start, Samples.Json(Samples.Running), 201);

        _ = Damctl.Run(daemon, "record", "start", "/dev/video0").Good();
        _ = Damctl.Run(
            daemon, "record", "start", "web cam", "--codec", "h264", "--container", "mkv", "--size", "1280x720", "--fps", "29.97", "--bitrate", "2.5M",
            "--duration", "1h30m", "--label", "take_1.a-b").Good();
        _ = Damctl.Run(daemon, "record", "start", "virtual:0", "--crf", "0", "--duration", "1.5").Good();
        _ = Damctl.Run(daemon, "record", "start", "front-desk", "--resume").Good();
        _ = Damctl.Run(daemon, "record", "start", "front-desk", "--no-resume").Good();

        Assert.Equal(
            [
                """POST /v1/recordings {"device":"/dev/video0"}""",
                """POST /v1/recordings {"device":"web cam","codec":"h264","container":"mkv","width":1280,"height":720,"fps":29.97,"bitrate":2500000,"duration_s":5400,"label":"take_1.a-b"}""",
                """POST /v1/recordings {"device":"virtual:0","crf":0,"duration_s":1.5}""",
                """POST /v1/recordings {"device":"front-desk","resume":true}""",
                """POST /v1/recordings {"device":"front-desk","resume":false}""",
            ],
            daemon.Requests);
    }

    [Fact]
    public async Task Tells_what_runs_and_how_to_stop_it()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Start, Samples.Json(Samples.Running), 201);

        Snapshot.Matches(Damctl.Run(daemon, "record", "start", "/dev/video0").Good());
    }

    [Fact]
    public async Task To_resume_and_not_to_exclude_each_other()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        Outcome outcome = Damctl.Run(daemon, "record", "start", "video0", "--resume", "--no-resume");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("--resume and --no-resume exclude each other.", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(daemon.Requests);
    }

    [Fact]
    public async Task Tells_its_alias_and_that_it_goes_on()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Start, Samples.Json(Samples.Running with { Alias = "front-desk", Resume = true }), 201);

        string text = Damctl.Run(daemon, "record", "start", "front-desk").Good();

        Assert.Contains("  device     front-desk (/dev/video0)\n", text, StringComparison.Ordinal);
        Assert.Contains("  resume     goes on in a further file when the camera was unplugged and is back\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_of_a_shared_mode_and_of_the_end()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Start, Samples.Json(Samples.Other), 201);

        Snapshot.Matches(Damctl.Run(daemon, "record", "start", "/dev/video0", "--duration", "90").Good());
    }

    [Fact]
    public async Task Json_is_what_the_daemon_said()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Start, Samples.Json(Samples.Running), 201);

        Assert.Equal(Samples.Json(Samples.Running) + "\n", Damctl.Run(daemon, "record", "start", "video0", "-o", "json").Good());
    }

    [Theory]
    [InlineData(403, 4)]
    [InlineData(404, 3)]
    [InlineData(409, 6)]
    [InlineData(422, 1)]
    [InlineData(503, 1)]
    [InlineData(504, 1)]
    [InlineData(507, 1)]
    public async Task A_refusal_is_told_in_the_daemons_words(int status, int exitCode)
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.Refuse(Start, status, "/dev/video0: the \u001breason", "the remedy");

        Assert.Equal(
            new Outcome(exitCode, "", "damctl: /dev/video0: the \\x1breason\n  remedy: the remedy\n"),
            Damctl.Run(daemon, "record", "start", "/dev/video0", "-o", "json"));
    }

    [Theory]
    [InlineData("--duration", "0", "'0' is no duration above zero: seconds such as 90 or 2.5, or units such as 5s, 2m, 1h30m.")]
    [InlineData("--duration", "-5s", "'-5s' is no duration above zero: seconds such as 90 or 2.5, or units such as 5s, 2m, 1h30m.")]
    [InlineData("--duration", "soon", "'soon' is no duration above zero: seconds such as 90 or 2.5, or units such as 5s, 2m, 1h30m.")]
    [InlineData("--bitrate", "fast", "'fast' is no bitrate: bits per second such as 4M, 2.5M, 800k or 4000000.")]
    [InlineData("--bitrate", "0", "'0' is no bitrate: bits per second such as 4M, 2.5M, 800k or 4000000.")]
    [InlineData("--size", "720p", "'720p' is no size: WIDTHxHEIGHT in pixels, such as 1280x720.")]
    [InlineData("--fps", "0", "'0' is no frame rate: frames per second above 0 and up to 1000, such as 30 or 29.97.")]
    [InlineData("--fps", "many", "'many' is no frame rate: frames per second above 0 and up to 1000, such as 30 or 29.97.")]
    [InlineData("--crf", "52", "'52' is no quality: a whole number from 0 (best) to 51.")]
    [InlineData("--codec", "divx", "Argument 'divx' not recognized. Must be one of: 'copy' 'h264' 'hevc' 'mjpeg' 'ffv1'")]
    [InlineData("--container", "avi", "Argument 'avi' not recognized. Must be one of: 'mp4' 'mkv'")]
    [InlineData("--label", "a/b", "'a/b' is no label: 1 to 64 of A-Z a-z 0-9 . _ -")]
    [InlineData("--label", "", "'' is no label: 1 to 64 of A-Z a-z 0-9 . _ -")]
    [InlineData("--label", "\u001b", "'\\x1b' is no label: 1 to 64 of A-Z a-z 0-9 . _ -")]
    [InlineData("--crf=20", "--bitrate=1M", "--bitrate and --crf exclude each other.")]
    [InlineData("--unknown", "x", "Unrecognized command or argument '--unknown'.")]
    public async Task Nonsense_is_told_without_asking_the_daemon(string option, string value, string message)
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();

        Assert.Equal(
            new Outcome(2, "", $"damctl: {message}\n  remedy: see `damctl record start --help`\n"),
            Damctl.Run(daemon, "record", "start", "video0", option, value));
        Assert.Empty(daemon.Requests);
    }

    [Fact]
    public async Task Wait_returns_when_the_recording_has_ended()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Start, Samples.Json(Samples.Running), 201)
            .Stream(Stream, open: true, Samples.List(Samples.Running), Samples.List(Samples.OnGrabber, Samples.Ended))
            .On(s_show, Samples.Json(Samples.Running))
            .On(s_show, Samples.Json(Samples.Ended));

        Assert.Equal(Samples.Json(Samples.Ended) + "\n", Damctl.Run(daemon, "record", "start", "video0", "--wait", "-o", "json").Good());
    }

    [Fact]
    public async Task Wait_shows_a_live_line_on_a_terminal()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Start, Samples.Json(Samples.Running), 201)
            .Stream(Stream, open: true, Samples.List(Samples.Ended))
            .On(s_show, Samples.Json(Samples.Running))
            .On(s_show, Samples.Json(Samples.Ended));

        Snapshot.Matches(Damctl.Run(daemon, width: 200, ["record", "start", "video0", "--wait"], redraws: true).Good().Replace('\e', '^'));
    }

    [Fact]
    public async Task Wait_sees_an_end_that_no_update_told()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Start, Samples.Json(Samples.Running), 201)
            .Stream(Stream, open: true, Samples.List(Samples.OnGrabber))
            .On(s_show, Samples.Json(Samples.Running))
            .On(s_show, Samples.Json(Samples.Ended));

        Assert.Equal(0, Damctl.Run(daemon, "record", "start", "video0", "--wait").ExitCode);
    }

    [Fact]
    public async Task Wait_fails_when_the_recording_fails()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Start, Samples.Json(Samples.Running), 201)
            .Stream(Stream, open: true)
            .On(s_show, Samples.Json(Samples.Failed));

        Outcome outcome = Damctl.Run(daemon, "record", "start", "video0", "--wait", "-o", "json");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(Samples.Json(Samples.Failed) + "\n", outcome.Out);
        Assert.StartsWith($"damctl: recording {Samples.Failed.Id} failed: ffmpeg ended by itself", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_takes_the_daemons_last_word_for_the_end()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Start, Samples.Json(Samples.Running), 201)
            .Stream(Stream, open: false, Samples.List(Samples.Ended))
            .On(s_show, Samples.Json(Samples.Running))
            .Refuse(s_show, 503, "shutting down");

        Assert.Equal(Samples.Json(Samples.Ended) + "\n", Damctl.Run(daemon, "record", "start", "video0", "--wait", "-o", "json").Good());
    }

    [Fact]
    public async Task Wait_tells_when_the_daemon_goes_away()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On(Start, Samples.Json(Samples.Running), 201)
            .Stream(Stream, open: false, Samples.List(Samples.Running))
            .On(s_show, Samples.Json(Samples.Running));

        Outcome outcome = Damctl.Run(daemon, "record", "start", "video0", "--wait");

        Assert.Equal(5, outcome.ExitCode);
        Assert.Contains("the daemon went away", outcome.Error, StringComparison.Ordinal);
    }
}
