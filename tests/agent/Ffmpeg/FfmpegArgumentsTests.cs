using System.Text;
using ThatDam.Agent.Capture;
using ThatDam.Agent.Ffmpeg;
using ThatDam.Tests;

namespace ThatDam.Agent.Tests.Ffmpeg;

public sealed class FfmpegArgumentsTests
{
    private static readonly FfmpegOptions Options = new() { Threads = 4 };
    private static readonly Colorimetry Webcam = new("tv", "smpte170m", "bt709", "iec61966-2-1");

    [Fact]
    public void Every_codec_and_container_has_its_command_line()
    {
        var text = new StringBuilder();
        foreach (var (codec, container) in new[]
        {
            (VideoCodec.Copy, ContainerFormat.Mp4), (VideoCodec.Copy, ContainerFormat.Mkv),
            (VideoCodec.H264, ContainerFormat.Mp4), (VideoCodec.H264, ContainerFormat.Mkv),
            (VideoCodec.Hevc, ContainerFormat.Mp4), (VideoCodec.Hevc, ContainerFormat.Mkv),
            (VideoCodec.Mjpeg, ContainerFormat.Mp4), (VideoCodec.Mjpeg, ContainerFormat.Mkv),
            (VideoCodec.Ffv1, ContainerFormat.Mkv),
        })
        {
            var format = codec == VideoCodec.Copy ? "MJPG" : "YUYV";
            Append(text, $"{FormatRules.Word(codec)} in {FormatRules.Word(container)} from {format}", new FormatChoice(codec, container), Mode(format));
        }

        Snapshot.Matches(text.ToString());
    }

    [Fact]
    public void Every_kind_of_source_is_converted_to_what_is_told()
    {
        var text = new StringBuilder();
        foreach (var codec in new[] { VideoCodec.H264, VideoCodec.Mjpeg, VideoCodec.Ffv1 })
        {
            foreach (var format in new[] { "YUYV", "NV12", "GREY", "RGB3", "MJPG", "H264", "HEVC" })
                Append(text, $"{FormatRules.Word(codec)} from {format}", new FormatChoice(codec, ContainerFormat.Mkv), Mode(format));
        }

        Append(text, "hevc copied into mp4", new FormatChoice(VideoCodec.Copy, ContainerFormat.Mp4), Mode("HEVC"));
        Append(text, "h264 of nothing known", new FormatChoice(VideoCodec.H264, ContainerFormat.Mkv), Mode("YUYV") with { Color = Colorimetry.Unknown });
        Append(text, "mjpeg of bt709", new FormatChoice(VideoCodec.Mjpeg, ContainerFormat.Mkv), Mode("YUYV") with { Color = new("pc", "bt709", "bt709", "bt709") });
        Snapshot.Matches(text.ToString());
    }

    [Fact]
    public void Bitrate_and_quality_take_the_place_of_the_default()
    {
        var text = new StringBuilder();
        foreach (var codec in new[] { VideoCodec.H264, VideoCodec.Hevc })
            Append(text, $"{FormatRules.Word(codec)} at 4 Mbit/s and 25 fps", new FormatChoice(codec, ContainerFormat.Mp4), Mode("YUYV", fps: 25), bitrate: 4_000_000);
        foreach (var codec in new[] { VideoCodec.H264, VideoCodec.Hevc, VideoCodec.Mjpeg })
            Append(text, $"{FormatRules.Word(codec)} at crf 18 and 60 fps", new FormatChoice(codec, ContainerFormat.Mp4), Mode("YUYV", fps: 60), crf: 18);
        Snapshot.Matches(text.ToString());
    }

    [Fact]
    public void Modes_that_differ_in_size_and_rate_share_a_warm_process()
    {
        var choice = new FormatChoice(VideoCodec.H264, ContainerFormat.Mp4);

        var small = FfmpegArguments.For(EncodeSettings.For(choice, "libx264", Mode("YUYV", fps: 15), Options));
        var large = FfmpegArguments.For(EncodeSettings.For(choice, "libx264", Mode("UYVY", fps: 29.97) with { Width = 3840, Height = 2160 }, Options));

        Assert.Equal(small, large);
    }

    private static void Append(StringBuilder text, string title, FormatChoice choice, CaptureMode mode, int? bitrate = null, int? crf = null)
    {
        var encoder = choice.Codec switch
        {
            VideoCodec.H264 => "libx264",
            VideoCodec.Hevc => "libx265",
            VideoCodec.Mjpeg => "mjpeg",
            _ => "ffv1",
        };
        text.Append("# ").Append(title).Append('\n');
        var arguments = FfmpegArguments.For(EncodeSettings.For(choice, encoder, mode, Options, bitrate, crf));
        for (var i = 0; i < arguments.Count; i++)
            text.Append(arguments[i]).Append(i + 1 < arguments.Count && arguments[i + 1].StartsWith('-') ? '\n' : i + 1 == arguments.Count ? "\n\n" : " ");
    }

    private static CaptureMode Mode(string format, double fps = 30) => new()
    {
        Format = format,
        Width = 1280,
        Height = 720,
        Stride = 0,
        FrameBytes = 0,
        IntervalNumerator = 100,
        IntervalDenominator = (int)Math.Round(fps * 100),
        Color = Webcam,
    };
}
