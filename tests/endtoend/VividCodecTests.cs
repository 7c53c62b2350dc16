namespace ThatDam.EndToEnd.Tests;

/// <summary>Every pair of codec and container from a real kernel device: the file decodes, the counts agree, the times are the kernel's.</summary>
[Trait("bed", "guest")]
[Trait("boot", "2")]
[Collection<VividBed>]
public sealed class VividCodecTests(VividCameras cameras)
{
    private static readonly string[] Mode = ["--size", "320x180", "--fps", "30"];

    [Theory]
    [InlineData("h264", "mp4")]
    [InlineData("h264", "mkv")]
    [InlineData("hevc", "mp4")]
    [InlineData("hevc", "mkv")]
    [InlineData("mjpeg", "mp4")]
    [InlineData("mjpeg", "mkv")]
    [InlineData("ffv1", "mkv")]
    public async Task A_recording_holds_every_frame_at_the_kernels_time(string codec, string container)
    {
        using var kernel = await KernelTimes.ListenAsync("/dev/video0");
        var recording = await cameras.Daemon.RecordAsync("/dev/video0", 3, ["--codec", codec, "--container", container, .. Mode]);
        var times = await kernel.ReadAsync();
        var video = await recording.MustBeWholeAsync();

        Assert.Equal(codec, video.Codec);
        // The camera runs on until the last frame is in the file.
        Assert.True(times.Count >= recording.Frames.Captured, $"{times.Count} in the kernel's log, {recording.Frames}");
        Assert.InRange(video.MeanError_ms(times), 0, 1);
    }
}
