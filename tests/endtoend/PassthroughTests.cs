using ThatDam.Contract;

namespace ThatDam.EndToEnd.Tests;

/// <summary>Compressed cameras: what the camera gave is what the file holds, byte for byte. v4l2loopback plays the camera.</summary>
[Trait("bed", "guest")]
public sealed class PassthroughTests : IAsyncLifetime
{
    private const string Node = "/dev/video9";
    private readonly TemporaryFolder _folder = new();

    private string Clip => Path.Combine(_folder.Path, "clip.mkv");

    public async ValueTask InitializeAsync()
    {
        if (!Directory.Exists("/sys/module/v4l2loopback"))
            (await Command.RunAsync("modprobe", "v4l2loopback", "video_nr=9", "card_label=Loop", "max_buffers=32")).MustSucceed();
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("mkv")]
    [InlineData("mp4")]
    public async Task An_MJPEG_camera_is_stored_untouched(string container)
    {
        // 150 pictures, each unlike the others.
        await MakeClipAsync("setpts=PTS");
        var known = Pictures(await JpegsAsync(Clip));
        Recording recording;
        using (Play())
        {
            await using var daemon = await Daemon.StartAsync(new DaemonSettings { VirtualCameras = 0 });
            await PlayingAsync(daemon);
            recording = await daemon.RecordAsync(Node, 4, "--codec", "copy", "--container", container);
            await recording.MustBeWholeAsync();
            Assert.Equal(("copy", "MJPG"), (recording.Codec, recording.Format));
            var stored = Pictures(await JpegsAsync(recording.File));
            Assert.Equal(recording.Frames.Written, stored.Count);
            var places = stored.ConvertAll(known.IndexOf);
            Assert.True(places.TrueForAll(place => place >= 0), $"unknown pictures at {string.Join(' ', places.Index().Where(p => p.Item < 0).Select(p => p.Index))}");
            Assert.True(places.Distinct().Count() > known.Count / 3, "the pictures are different ones");
        }
    }

    [Theory]
    [InlineData("copy", "mkv")]
    [InlineData("h264", "mp4")]
    public async Task Jittered_timestamps_are_kept(string codec, string container)
    {
        // Every frame up to 25 ms off its place.
        await MakeClipAsync("setpts='PTS+(random(0)*0.025)/TB'");
        using var player = Play();
        Video video;
        List<double> times;
        await using (var daemon = await Daemon.StartAsync(new DaemonSettings { VirtualCameras = 0 }))
        {
            await PlayingAsync(daemon);
            using var kernel = await KernelTimes.ListenAsync(Node);
            var recording = await daemon.RecordAsync(Node, 4, "--codec", codec, "--container", container);
            times = await kernel.ReadAsync();
            video = await recording.MustBeWholeAsync();
        }

        Assert.InRange(video.MeanError_ms(times), 0, 1);
        var steps = video.Times_s.Zip(video.Times_s.Skip(1), (a, b) => b - a).ToArray();
        Assert.True(Math.Sqrt(steps.Average(s => Math.Pow(s - steps.Average(), 2))) > 0.004, "the clip's jitter is in the file");
    }

    private async Task MakeClipAsync(string timing) =>
        (await Command.RunAsync("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30:duration=5",
            "-vf", timing, "-fps_mode", "passthrough", "-c:v", "mjpeg", "-q:v", "4", Clip)).MustSucceed();

    private Holder Play() => new("ffmpeg", "-v", "error", "-re", "-stream_loop", "-1", "-i", Clip, "-c", "copy", "-f", "v4l2", Node);

    private static Task PlayingAsync(Daemon daemon) => Eventually.TrueAsync(
        async () => (await daemon.DamctlAsync("record", "start", Node, "--duration", "0.2s", "--wait")).ExitCode == 0, "the clip plays", 60);

    private async Task<byte[]> JpegsAsync(string file)
    {
        var path = Path.Combine(_folder.Path, "pictures.mjpeg");
        (await Command.RunAsync("ffmpeg", "-v", "error", "-y", "-i", file, "-map", "0:v", "-c", "copy", "-f", "mjpeg", path)).MustSucceed();
        return await File.ReadAllBytesAsync(path);
    }

    private static List<string> Pictures(byte[] stream)
    {
        var starts = new List<int>();
        for (var at = 0; at < stream.Length - 2; at++)
            if (stream[at] == 0xff && stream[at + 1] == 0xd8 && stream[at + 2] == 0xff)
                starts.Add(at);
        return [.. starts.Select((start, i) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(
            stream.AsSpan(start..(i + 1 < starts.Count ? starts[i + 1] : stream.Length)))))];
    }
}
