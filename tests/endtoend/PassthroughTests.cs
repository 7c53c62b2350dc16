using ThatDam.Contract;

namespace ThatDam.EndToEnd.Tests;

/// <summary>v4l2loopback as an MJPEG camera that plays known pictures over and over, each of them up to 25 ms off its place, and a daemon.</summary>
public sealed class PlayedCamera : IAsyncLifetime
{
    internal const string Node = "/dev/video9";
    private readonly TemporaryFolder _folder = new();
    private Holder? _player;

    internal Daemon Daemon { get; private set; } = null!;

    /// <summary>The pictures it plays, each named by its hash. They are all unlike one another.</summary>
    internal List<string> Known { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        var clip = Path.Combine(_folder.Path, "clip.mkv");
        (await Command.RunAsync("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30:duration=5",
            "-vf", "setpts='PTS+(random(0)*0.025)/TB'", "-fps_mode", "passthrough", "-c:v", "mjpeg", "-q:v", "4", clip)).MustSucceed();
        Known = await PicturesAsync(clip);
        await Vivid.UnloadAsync(); // as many as 64 nodes of it may be left, this number among them
        (await Command.RunAsync("modprobe", "v4l2loopback", "video_nr=9", "card_label=Loop", "max_buffers=32")).MustSucceed();
        // The daemon comes first: it must see by itself that the player has set its format meanwhile.
        Daemon = await Daemon.StartAsync(new DaemonSettings { VirtualCameras = 0 });
        _player = new Holder("ffmpeg", "-v", "error", "-re", "-stream_loop", "-1", "-i", clip, "-c", "copy", "-f", "v4l2", Node);
        await Eventually.TrueAsync(
            async () => (await Daemon.DamctlAsync("record", "start", Node, "--codec", "copy", "--container", "mkv", "--duration", "0.2s", "--wait")).ExitCode == 0, "the clip plays", 60);
    }

    /// <summary>The pictures that a file of MJPEG holds, each by its hash.</summary>
    internal async Task<List<string>> PicturesAsync(string file)
    {
        var path = Path.Combine(_folder.Path, "pictures.mjpeg");
        (await Command.RunAsync("ffmpeg", "-v", "error", "-y", "-i", file, "-map", "0:v", "-c", "copy", "-f", "mjpeg", path)).MustSucceed();
        var stream = await File.ReadAllBytesAsync(path);
        var starts = new List<int>();
        for (var at = 0; at < stream.Length - 2; at++)
            if (stream[at] == 0xff && stream[at + 1] == 0xd8 && stream[at + 2] == 0xff)
                starts.Add(at);
        return [.. starts.Select((start, i) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(
            stream.AsSpan(start..(i + 1 < starts.Count ? starts[i + 1] : stream.Length)))))];
    }

    public async ValueTask DisposeAsync()
    {
        if (Daemon is not null)
            await Daemon.DisposeAsync();
        _player?.Dispose();
        await Eventually.TrueAsync(async () => (await Command.RunAsync("rmmod", "v4l2loopback")).ExitCode == 0, "v4l2loopback is unloaded");
        _folder.Dispose();
    }
}

/// <summary>Compressed cameras: what the camera gave is what the file holds, byte for byte, and when it gave it.</summary>
[Trait("bed", "guest")]
[Trait("boot", "2")]
public sealed class PassthroughTests(PlayedCamera camera) : IClassFixture<PlayedCamera>
{
    [Theory]
    [InlineData("mkv")]
    [InlineData("mp4")]
    public async Task An_MJPEG_camera_is_stored_untouched(string container)
    {
        var (recording, video, _) = await RecordAsync("copy", container);

        // This driver fills a buffer again without waiting for its return, so no page of it may lie in a pipe.
        Assert.Equal(("copy", "MJPG", "mjpeg", "copy"), (recording.Codec, recording.Format, video.Codec, recording.Transport));
        var stored = await camera.PicturesAsync(recording.File);
        Assert.Equal(recording.Frames.Written, stored.Count);
        var places = stored.ConvertAll(camera.Known.IndexOf);
        Assert.True(places.TrueForAll(place => place >= 0), $"unknown pictures at {string.Join(' ', places.Index().Where(p => p.Item < 0).Select(p => p.Index))}");
        Assert.True(places.Distinct().Count() > camera.Known.Count / 3, "the pictures are different ones");
    }

    [Fact]
    public async Task Jittered_timestamps_are_kept_when_it_is_encoded()
    {
        // A player that a slow machine holds up plays evenly, as fast as it can: then there is nothing to keep.
        for (var tries = 1; ; tries++)
        {
            var (_, video, times) = await RecordAsync("h264", "mp4");
            if (tries < 5 && Jitter_ms(times) < 4)
                continue;
            Assert.True(Jitter_ms(times) >= 4, "the player gives the clip's jitter");
            Assert.True(Jitter_ms(video.Times_s) >= 3, $"{Jitter_ms(video.Times_s)} ms of {Jitter_ms(times)} are in the file");
            return;
        }
    }

    private static double Jitter_ms(IReadOnlyList<double> times_s)
    {
        var steps = times_s.Zip(times_s.Skip(1), (a, b) => 1000 * (b - a)).ToArray();
        return Math.Sqrt(steps.Average(step => Math.Pow(step - steps.Average(), 2)));
    }

    private async Task<(Recording Recording, Video Video, List<double> Times_s)> RecordAsync(string codec, string container)
    {
        using var kernel = await KernelTimes.ListenAsync(PlayedCamera.Node);
        var recording = await camera.Daemon.RecordAsync(PlayedCamera.Node, 3, "--codec", codec, "--container", container);
        var times = await kernel.ReadAsync();
        var video = await recording.MustBeWholeAsync();

        Assert.InRange(video.MeanError_ms(times), 0, 1);
        return (recording, video, times);
    }
}
