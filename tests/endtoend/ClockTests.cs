using System.Diagnostics;
using System.Globalization;

namespace ThatDam.EndToEnd.Tests;

/// <summary>
/// The wall clock is set by an hour while a recording runs, forwards and back: no time fires early or late, and no file name comes twice.
/// (Suspended time is tested with a clock that is a fake: a machine without hardware does not sleep.)
/// </summary>
[Trait("bed", "guest")]
[Trait("boot", "1")]
[Collection<UsbBed>]
public sealed class ClockTests(ITestOutputHelper output)
{
    private const int Length_s = 30; // commands take seconds here

    [Fact]
    public async Task A_step_of_the_clock_is_not_time()
    {
        await using var daemon = await Daemon.StartAsync(new DaemonSettings { VirtualCameras = 1 });
        string[] mode = ["--size", "640x360", "--fps", "30", "--codec", "mjpeg"];
        var watch = Stopwatch.StartNew();
        var before = TimeProvider.System.GetUtcNow();
        var started = await daemon.StartRecordingAsync("virtual:0", ["--duration", Length_s.ToString(CultureInfo.InvariantCulture), .. mode]);
        var second = await daemon.StartRecordingAsync("virtual:0", mode);
        await daemon.CapturedAsync(started.Id, 30);
        try
        {
            await SetAsync(TimeProvider.System.GetUtcNow().AddHours(1));
            await daemon.CapturedAsync(started.Id, 60);
            Assert.Equal("recording", (await daemon.ShowAsync(started.Id)).State);
            await SetAsync(TimeProvider.System.GetUtcNow().AddHours(-2));
            await daemon.CapturedAsync(started.Id, 60);
            Assert.Equal("recording", (await daemon.ShowAsync(started.Id)).State);
            await Eventually.TrueAsync(async () => (await daemon.ShowAsync(started.Id)).State == "stopped", "it ends by itself", Length_s + 20);
            var took = watch.Elapsed.TotalSeconds;
            // The second at which the first one began comes once more.
            await SetAsync(before);
            var again = await daemon.RecordAsync("virtual:0", 0.5, mode);
            second = await daemon.StopRecordingAsync(second.Id);

            var recording = await daemon.ShowAsync(started.Id);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"clock +1 h, −2 h: asked for {Length_s} s of video, got {recording.DurationS:F2} s in {took:F2} s"));
            Assert.Equal("duration", recording.Reason);
            Assert.InRange(recording.DurationS, Length_s - 0.2, Length_s + 0.5);
            Assert.InRange(took, Length_s - 0.5, Length_s + 15);
            foreach (var one in new[] { recording, second, again })
            {
                var video = await one.MustBeWholeAsync();
                // Media time has no step in it.
                Assert.All(video.Times_s.Zip(video.Times_s.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 0.001, 2));
            }
            Assert.Equal(3, new[] { recording.File, second.File, again.File }.Distinct().Count());
            Assert.Equal(3, Directory.GetFiles(daemon.Output).Length);
        }
        finally
        {
            await SetAsync(before + watch.Elapsed);
        }
    }

    private static async Task SetAsync(DateTimeOffset time) =>
        (await Command.RunAsync("date", "-u", "-s", "@" + (time.ToUnixTimeMilliseconds() / 1000.0).ToString("F3", CultureInfo.InvariantCulture))).MustSucceed();
}
