using ThatDam.Agent.Capture;
using ThatDam.Agent.Tests.Devices;
using ThatDam.Contract;
using ThatDam.Contract.Events;
using Tmds.Linux;

namespace ThatDam.Agent.Tests.Recording;

/// <summary>A recording goes on in a new file whatever became of ffmpeg or the camera; each file is whole, and the time between two is told.</summary>
public sealed class SurvivingRecordingTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("SIGKILL", 1_234_567)]
    [InlineData("SIGSTOP", 1_234_568)]
    public async Task Of_an_ffmpeg_that_dies_or_stands_still(string signal, int bitrate)
    {
        await using var bed = await RecordingBed.StartAsync();
        var word = bitrate.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var started = await bed.RecordAsync(new RecordingRequest { Codec = "h264", Bitrate = bitrate });
        await bed.FilledAsync(started.Id, 1, 60);
        var victim = Assert.Single(RecordingBed.Ffmpegs(word));
        var at = TimeProvider.System.GetTimestamp();
        _ = LibC.kill(victim, signal == "SIGKILL" ? LibC.SIGKILL : LibC.SIGSTOP);

        await bed.UntilAsync(started.Id, recording => recording.Segments is [{ Stopped: not null }, _], "a second file was begun");
        var noticed = TimeProvider.System.GetElapsedTime(at);
        output.WriteLine($"{signal}: {noticed.TotalSeconds:F2} s");
        Assert.InRange(noticed.TotalSeconds, 0, 5);
        await bed.FilledAsync(started.Id, 2);
        Assert.DoesNotContain(victim, RecordingBed.Ffmpegs(word));
        var recording = await bed.StopAsync(started);

        Assert.Equal(("stopped", "manual", null), (recording.State, recording.Reason, recording.Error));
        Assert.Equal(["ffmpeg_lost", "manual"], recording.Segments.Select(segment => segment.Reason));
        Assert.Equal(Path.GetFileNameWithoutExtension(recording.File) + "-002.mp4", Path.GetFileName(recording.Segments[1].File));
        var gap = Assert.Single(recording.Gaps);
        Assert.Equal((1, "ffmpeg_lost"), (gap.After, gap.Reason));
        Assert.InRange(gap.LengthS!.Value, 0.001, 6);
        Assert.Equal(1, bed.Openings); // the camera streamed on
        recording.MustAddUp(bed.Events());
        Assert.Equal("ffmpeg_lost", Assert.Single(bed.Events().OfType<CaptureError>()).Code);
        foreach (var segment in recording.Segments)
            Assert.Equal(segment.Frames!.Written, await segment.DecodedAsync());
    }

    [Fact]
    public async Task Of_a_camera_that_is_plugged_in_again()
    {
        await using var bed = await RecordingBed.StartAsync();
        var started = await bed.RecordAsync(new RecordingRequest { Resume = true });
        Assert.True(started.Resume);
        for (var round = 1; round <= 3; round++)
        {
            await bed.FilledAsync(started.Id, round);
            await bed.UnplugAsync();
            var waiting = await bed.UntilAsync(started.Id, recording => recording.State == "waiting", "it waits");
            Assert.Equal(("device_lost", round), (waiting.Segments[^1].Reason, waiting.Segments.Count));
            var at = TimeProvider.System.GetTimestamp();
            await bed.PlugAsync();
            await bed.FilledAsync(started.Id, round + 1, 0);
            var resumed = TimeProvider.System.GetElapsedTime(at);
            output.WriteLine($"resumed after {resumed.TotalSeconds:F2} s");
            Assert.InRange(resumed.TotalSeconds, 0, 2);
        }
        await bed.FilledAsync(started.Id, 4);
        var recording = await bed.StopAsync(started);

        Assert.Equal(["device_lost", "device_lost", "device_lost", "manual"], recording.Segments.Select(segment => segment.Reason));
        Assert.Equal([1, 2, 3], recording.Gaps.Select(gap => gap.After));
        Assert.All(recording.Gaps, gap => Assert.True(gap.LengthS > 0));
        recording.MustAddUp(bed.Events());
    }

    [Theory]
    [InlineData("mjpeg")]
    [InlineData("h264")]
    public async Task But_not_of_one_that_is_gone_for_good_which_is_told_at_once(string codec)
    {
        await using var bed = await RecordingBed.StartAsync();
        var started = await bed.RecordAsync(new RecordingRequest { Codec = codec });
        await bed.FilledAsync(started.Id, 1, 60);
        var at = TimeProvider.System.GetTimestamp();
        await bed.UnplugAsync();
        await CatalogBed.UntilAsync(() => bed.Events().OfType<CaptureRecordingStopped>().Any(), "it is told");
        var told = TimeProvider.System.GetElapsedTime(at);
        output.WriteLine($"{codec}: told after {told.TotalSeconds:F2} s");
        Assert.InRange(told.TotalSeconds, 0, 2);

        var recording = bed.Recorder.Get(started.Id);
        Assert.Equal(("stopped", "device_lost"), (recording.State, recording.Reason));
        Assert.Contains("unplugged", recording.Error, StringComparison.Ordinal);
        recording.MustAddUp(bed.Events());
        Assert.Equal(recording.Frames.Written, await recording.Segments[0].DecodedAsync());
        var refusal = await Assert.ThrowsAsync<ProblemException>(() => bed.RecordAsync());
        Assert.Equal((409, "device_offline"), (refusal.Problem.Status, refusal.Problem.Code));
    }

    [Fact]
    public async Task Of_a_camera_that_falls_silent_and_of_a_signal_that_goes()
    {
        await using var bed = await RecordingBed.StartAsync();
        var started = await bed.RecordAsync(new RecordingRequest { Width = 320, Height = 180 });
        await bed.FilledAsync(started.Id, 1);
        bed.Camera.Silence();
        await bed.FilledAsync(started.Id, 2);
        Assert.Equal(320, bed.Recorder.Get(started.Id).Width);
        bed.Camera.Silence("no signal");
        await bed.FilledAsync(started.Id, 3);
        var recording = await bed.StopAsync(started);

        Assert.Equal(["stalled", "source_changed", "manual"], recording.Segments.Select(segment => segment.Reason));
        Assert.Contains("no signal", recording.Segments[1].Error, StringComparison.Ordinal);
        Assert.Equal(320, recording.Width); // what was asked for holds while the source can give it
        Assert.Equal(["device_stalled", "source_changed"], bed.Events().OfType<CaptureError>().Select(e => e.Code));
        recording.MustAddUp(bed.Events());
    }

    [Fact]
    public async Task Of_a_source_that_comes_back_without_the_size_that_was_asked_for()
    {
        await using var bed = await RecordingBed.StartAsync();
        var started = await bed.RecordAsync(new RecordingRequest { Width = 320, Height = 180 });
        await bed.FilledAsync(started.Id, 1);
        bed.Refusal = new ProblemException(422, "mode_unavailable", "No such mode", "video0 has no 320x180 now.");
        bed.Camera.Silence("no signal");
        await CatalogBed.UntilAsync(() => bed.Refusals > 0, "it is tried, and refused");
        bed.Refusal = null;
        await bed.FilledAsync(started.Id, 2);
        var recording = await bed.StopAsync(started);
        Assert.Equal(640, recording.Width); // the source's own
        recording.MustAddUp(bed.Events());
    }

    [Fact]
    public async Task Of_one_that_stays_frozen_for_a_while_with_no_file_for_each_try()
    {
        await using var bed = await RecordingBed.StartAsync();
        var started = await bed.RecordAsync();
        await bed.FilledAsync(started.Id, 1);
        bed.OpensSilent = true;
        bed.Camera.Silence();
        await CatalogBed.UntilAsync(() => bed.Openings >= 3, "it is opened in vain, and again");
        Assert.Single(bed.Recorder.Get(started.Id).Segments);
        bed.OpensSilent = false;
        await bed.FilledAsync(started.Id, 2);
        var recording = await bed.StopAsync(started);

        Assert.Equal(["stalled", "manual"], recording.Segments.Select(segment => segment.Reason));
        Assert.Equal(2, Directory.GetFiles(bed.Output).Length);
        Assert.InRange(Assert.Single(recording.Gaps).LengthS!.Value, 4, 60);
        Assert.Single(bed.Events().OfType<CaptureError>());
        recording.MustAddUp(bed.Events());
    }

    [Fact]
    public async Task Of_a_camera_that_cannot_be_opened_at_first_when_it_is_back()
    {
        await using var bed = await RecordingBed.StartAsync();
        var started = await bed.RecordAsync(new RecordingRequest { Resume = true });
        await bed.FilledAsync(started.Id, 1);
        await bed.UnplugAsync();
        await bed.UntilAsync(started.Id, recording => recording.State == "waiting", "it waits");
        bed.Refusal = new ProblemException(409, "device_busy", "Device busy", "video0 is held by another process.");
        await bed.PlugAsync();
        await CatalogBed.UntilAsync(() => bed.Refusals > 0, "it is tried, and refused");
        Assert.Equal("waiting", bed.Recorder.Get(started.Id).State);
        await CatalogBed.UntilAsync(() => bed.Sessions.States.Of(bed.StableId) == CameraState.Waiting, "the camera waits");
        Assert.Equal("video0 is held by another process.", bed.Sessions.States.ReasonOf(bed.StableId));
        bed.Refusal = null;
        await bed.FilledAsync(started.Id, 2);
        (await bed.StopAsync(started)).MustAddUp(bed.Events());
    }

    [Fact]
    public async Task Until_it_is_stopped_while_it_waits()
    {
        await using var bed = await RecordingBed.StartAsync(RecordingBed.Rule(onReplug: true));
        var started = await bed.RecordAsync();
        Assert.Equal("desk", started.Alias);
        await bed.FilledAsync(started.Id, 1);
        await bed.UnplugAsync();
        await bed.UntilAsync(started.Id, recording => recording.State == "waiting", "it waits");

        var at = TimeProvider.System.GetTimestamp();
        var answers = await Task.WhenAll(bed.StopAsync(started), bed.StopAsync(started));
        Assert.InRange(TimeProvider.System.GetElapsedTime(at).TotalSeconds, 0, 1);
        Assert.Same(answers[0], answers[1]);
        var recording = answers[0];
        Assert.Equal(("stopped", "manual", "device_lost"), (recording.State, recording.Reason, recording.Segments[0].Reason));
        recording.MustAddUp(bed.Events());
        Assert.Equal(
            [("device_lost", false), ("manual", true)],
            bed.Events().OfType<CaptureRecordingStopped>().Select(e => (e.Reason!, e.Final!.Value)));
    }

    [Fact]
    public async Task Until_the_daemon_ends()
    {
        await using var bed = await RecordingBed.StartAsync();
        var started = await bed.RecordAsync(new RecordingRequest { Resume = true });
        await bed.FilledAsync(started.Id, 1);
        await bed.UnplugAsync();
        await bed.UntilAsync(started.Id, recording => recording.State == "waiting", "it waits");
        await bed.Recorder.StopAllAsync("shutdown");
        var recording = bed.Recorder.Get(started.Id);
        Assert.Equal(("stopped", "shutdown"), (recording.State, recording.Reason));
        recording.MustAddUp(bed.Events());
    }
}
