using System.Globalization;
using ThatDam.Contract;

namespace ThatDam.EndToEnd.Tests;

/// <summary>kill -9 of the daemon, of ffmpeg, and of both, over and over, at any moment of a recording.</summary>
[Trait("pace", "waits")]
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Fps = 30;
    private const int MostLost_s = 2;

    [Fact]
    public async Task Every_file_decodes_and_its_last_seconds_at_most_are_lost()
    {
        var rounds = Programs.FullLength ? 102 : 12;
        var seed = Environment.TickCount;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rounds} rounds, seed {seed}"));
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        var settings = new DaemonSettings { State = Path.Combine(folder.Path, "state"), Output = Path.Combine(folder.Path, "recordings") };
        Directory.CreateDirectory(settings.Output);
        var lost = new List<long>();

        for (var round = 0; round < rounds; round++)
        {
            var codec = round % 2 == 0 ? "h264" : "mjpeg";
            var what = (round % 3) switch { 0 => "daemon", 1 => "ffmpeg", _ => "both" };
            string id;
            long captured;
            await using (var daemon = await Daemon.StartAsync(settings))
            {
                id = (await daemon.StartRecordingAsync("virtual:0", "--size", "640x360", "--fps", "30", "--codec", codec)).Id;
                // The instant is what matters, not what happens in it.
                await Task.Delay(random.Next(100, 4000), TestContext.Current.CancellationToken);
                captured = (await daemon.ShowAsync(id)).Frames.Captured;
                if (what != "daemon")
                    Processes.Signal(daemon.Ffmpegs(codec == "h264" ? "libx264" : "mjpeg")[0].Id, Processes.SIGKILL);
                if (what == "ffmpeg")
                {
                    await Eventually.TrueAsync(async () => (await daemon.ShowAsync(id)).Segments.Count == 2, "it goes on in a further file", 30);
                    await daemon.DamctlAsync("record", "stop", id);
                    await daemon.StopAsync();
                }
                else
                {
                    await daemon.StopAsync(Processes.SIGKILL);
                }
            }

            await using var next = await Daemon.StartAsync(settings);
            lost.Add(await MustBeKeptAsync(await next.ShowAsync(id), captured, $"round {round}, {what}, {codec}"));
            await next.StopAsync();
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"lost of what was captured when it was killed, frames at {Fps} a second: median {lost.Order().ElementAt(lost.Count / 2)}, most {lost.Max()}"));
    }

    // How many of the captured frames are in no file.
    private static async Task<long> MustBeKeptAsync(Recording recording, long captured, string round)
    {
        Assert.True(recording.State is "stopped" or "failed", $"{round}: {recording.State}");
        foreach (var segment in recording.Segments)
        {
            var frames = segment.Frames!;
            Assert.True(frames.Captured - frames.Error - frames.Dropped == frames.Written, $"{round}: {frames}");
            if (frames.Written == 0)
                continue;
            var video = await Video.ReadAsync(segment.File);
            Assert.True(video.Errors.Length == 0, $"{round}: {segment.File}: {video.Errors}");
            Assert.True(frames.Written == video.Frames, $"{round}: {segment.File} has {video.Frames} frames, and its account says {frames}");
            RecordingChecks.MustBeOrdinary(segment.File);
        }
        var missing = Math.Max(0, captured - recording.Segments.Sum(segment => segment.Frames!.Written));
        Assert.True(missing <= MostLost_s * Fps, $"{round}: of {captured} captured frames {missing} are in no file");
        return missing;
    }
}
