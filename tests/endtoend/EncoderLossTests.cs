using System.Globalization;

namespace ThatDam.EndToEnd.Tests;

/// <summary>A recording's ffmpeg dies or stands still: noticed within 5 s, replaced, the recording goes on in a new file, and the gap is told.</summary>
public sealed class EncoderLossTests(ITestOutputHelper output)
{
    private static readonly string[] Mode = ["--size", "640x360", "--fps", "30", "--codec", "mjpeg"];

    [Theory]
    [InlineData(Processes.SIGKILL, "mp4")]
    [InlineData(Processes.SIGKILL, "mkv")]
    [InlineData(Processes.SIGSTOP, "mp4")]
    public async Task The_recording_goes_on_in_a_new_file(int signal, string container)
    {
        await using var daemon = await Daemon.StartAsync();
        var started = await daemon.StartRecordingAsync("virtual:0", ["--container", container, .. Mode]);
        await daemon.CapturedAsync(started.Id, 60);
        var mark = daemon.Mark();
        var ffmpeg = daemon.Ffmpegs("mjpeg")[0];
        var lost = TimeProvider.System.GetUtcNow();
        Processes.Signal(ffmpeg.Id, signal);

        var stopped = await daemon.StoppedAsync(mark, started.Id, 1);
        var next = await daemon.StartedAsync(mark, started.Id, 2);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"signal {signal}: first file stopped after {(stopped.At - lost).TotalSeconds:F2} s, second begun after {(next.At - lost).TotalSeconds:F2} s"));
        Assert.Equal(("ffmpeg_lost", "False"), (stopped.Text("reason"), stopped.Text("final")));
        Assert.InRange((stopped.At - lost).TotalSeconds, 0, 5);
        await Eventually.TrueAsync(() => !Processes.Lives(ffmpeg), "the lost one is gone", 5);
        await daemon.CapturedAsync(started.Id, 30);
        var recording = await daemon.StopRecordingAsync(started.Id);

        Assert.Equal(2, recording.Segments.Count);
        Assert.Contains("ffmpeg", recording.Segments[0].Error, StringComparison.Ordinal);
        await recording.MustBeWholeInPartsAsync();
        await daemon.MustTellAsync(recording);
        var gap = Assert.Single(recording.Gaps);
        output.WriteLine($"gap {gap}");
        Assert.Equal((1, "ffmpeg_lost"), (gap.After, gap.Reason));
        Assert.InRange(gap.LengthS!.Value, 0, 10);
        Assert.InRange(gap.Started, lost - TimeSpan.FromSeconds(5), lost + TimeSpan.FromSeconds(5));
        // The camera streamed on: it was not what failed.
        Assert.Equal(1, (await daemon.CameraAsync(recording.StableId!)).Transitions["streaming"]);
    }

    [Fact]
    public async Task One_whose_successors_die_too_leaves_whole_files_and_a_daemon_that_records()
    {
        await using var daemon = await Daemon.StartAsync();
        var started = await daemon.StartRecordingAsync("virtual:0", Mode);
        var recording = started;
        for (var segment = 1; segment <= 3 && Runs(recording); segment++)
        {
            var file = segment;
            await Eventually.TrueAsync(async () => !Runs(recording = await daemon.ShowAsync(started.Id)) || (recording.Segments.Count == file && recording.Frames.Captured > 15 * file),
                $"file {file} has frames, or it has ended", 30);
            if (daemon.Ffmpegs("mjpeg") is [var ffmpeg, ..])
                Processes.Signal(ffmpeg.Id, Processes.SIGKILL);
            await Eventually.TrueAsync(async () => !Runs(recording = await daemon.ShowAsync(started.Id)) || recording.Segments.Count > file,
                "it goes on, or has ended", 30);
        }
        if (Runs(recording))
            recording = await daemon.StopRecordingAsync(started.Id);
        foreach (var segment in recording.Segments.Where(s => s.Frames is { Written: > 0 }))
            Assert.Equal("", (await Video.ReadAsync(segment.File)).Errors);
        await daemon.MustTellAsync(recording);
        await (await daemon.RecordAsync("virtual:0", 0.5, Mode)).MustBeWholeAsync();

        static bool Runs(Contract.Recording recording) => recording.State is not ("stopped" or "failed");
    }
}
