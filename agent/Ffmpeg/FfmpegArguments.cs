using System.Globalization;

namespace ThatDam.Agent.Ffmpeg;

/// <summary>
/// ffmpeg's command line: a pure function of <see cref="EncodeSettings"/>. Descriptor 0 is media in (NUT), 1 media out, 2 the log, 3 the
/// progress. No file name, no device and no word of a user is ever in it. Valid for ffmpeg 5.1 and later.
/// </summary>
public static class FfmpegArguments
{
    // An IDR frame as each second of the stream begins, at any frame rate, and one only after a gap of many seconds.
    private const string KeyFrameEachSecond = "expr:if(isnan(prev_forced_t),1,gt(floor(t),floor(prev_forced_t)))";

    /// <summary>The arguments, without the program's own name.</summary>
    public static IReadOnlyList<string> For(EncodeSettings settings) =>
    [
        "-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+warning", "-progress", "pipe:3", "-stats_period", "1",
        .. Input(settings),
        "-map", "0:v:0",
        .. settings.Codec == VideoCodec.Copy ? Copied(settings) : Encoded(settings),
        .. Output(settings.Container),
    ];

    // Everything is in the stream's header: the least probing gives the first byte after the first frame.
    private static string[] Input(EncodeSettings settings) =>
    [
        "-f", "nut", "-probesize", "32", "-analyzeduration", "0", "-fpsprobesize", "0",
        .. settings.Codec == VideoCodec.Copy ? Array.Empty<string>() : ["-threads", "2"],
        "-i", "pipe:0",
    ];

    private static string[] Copied(EncodeSettings settings) =>
        settings is { Source: SourceKind.Hevc, Container: ContainerFormat.Mp4 } ? ["-c:v", "copy", "-tag:v", "hvc1"] : ["-c:v", "copy"];

    private static string[] Encoded(EncodeSettings settings) =>
    [
        "-filter_threads", "1",
        .. Filter(settings),
        "-c:v", settings.Encoder ?? throw new ArgumentException("an encoder is needed", nameof(settings)),
        .. Encoder(settings),
        "-threads", Number(settings.Threads),
        .. Color(settings),
        "-fps_mode", "passthrough", "-enc_time_base", "1:1000000", // else frames are dropped and doubled to fit a rate
    ];

    private static string[] Encoder(EncodeSettings settings) => settings.Codec switch
    {
        VideoCodec.H264 =>
        [
            "-preset", settings.Preset ?? "veryfast", "-tune", "zerolatency", "-x264-params", $"fps={Number(settings.Fps)}",
            .. Rate(settings, defaultCrf: 23), "-pix_fmt", "yuv420p", "-force_key_frames", KeyFrameEachSecond, "-forced-idr", "1",
        ],
        VideoCodec.Hevc =>
        [
            "-preset", settings.Preset ?? "superfast", "-tune", "zerolatency",
            "-x265-params", $"log-level=warning:pools={Number(settings.Threads)}:fps={Number(settings.Fps)}",
            .. Rate(settings, defaultCrf: 28), "-pix_fmt", "yuv420p", "-force_key_frames", KeyFrameEachSecond, "-forced-idr", "1",
            .. settings.Container == ContainerFormat.Mp4 ? ["-tag:v", "hvc1"] : Array.Empty<string>(), // the tag that Apple's players take
        ],
        VideoCodec.Mjpeg =>
        [
            "-q:v", Number(settings.Crf is { } crf ? JpegScale(crf) : 3), "-huffman", "default",
            "-pix_fmt", settings.Source is SourceKind.Yuv422 or SourceKind.Rgb or SourceKind.Jpeg ? "yuvj422p" : "yuvj420p",
        ],
        VideoCodec.Ffv1 => ["-level", "3", "-g", "1", "-slices", "4", "-slicecrc", "1"],
        _ => throw new ArgumentOutOfRangeException(nameof(settings), settings.Codec, "not an encoder"),
    };

    private static string[] Rate(EncodeSettings settings, int defaultCrf) => settings.Bitrate is { } bitrate
        ? ["-b:v", Number(bitrate), "-maxrate", Number(bitrate), "-bufsize", Number(Math.Min(2L * bitrate, int.MaxValue))]
        : ["-crf", Number(settings.Crf ?? defaultCrf)];

    // crf 0 to 51 on the scale of JPEG in ffmpeg, 2 (best) to 31.
    private static int JpegScale(int crf) => 2 + (int)Math.Round(crf * 29 / 51.0);

    // A raw YUV picture keeps its numbers, and the tags say what they mean. What must be converted is converted to what is told.
    private static string[] Filter(EncodeSettings settings) => (settings.Codec, settings.Source) switch
    {
        (VideoCodec.H264 or VideoCodec.Hevc, SourceKind.Rgb or SourceKind.Gray) => ["-vf", "scale=out_color_matrix=bt709:out_range=tv"],
        (VideoCodec.H264 or VideoCodec.Hevc, SourceKind.Jpeg) => ["-vf", "scale=out_range=tv"],
        (VideoCodec.Mjpeg, SourceKind.Yuv422 or SourceKind.Yuv420) => ["-vf", $"scale=in_range={settings.Color.Range ?? "tv"}:out_range=pc{ToJpegMatrix(settings.Color.Matrix)}"],
        (VideoCodec.Mjpeg, SourceKind.Rgb or SourceKind.Gray) => ["-vf", "scale=out_color_matrix=smpte170m:out_range=pc"],
        (VideoCodec.Mjpeg, SourceKind.H264 or SourceKind.Hevc) or (VideoCodec.Ffv1, SourceKind.Jpeg) => ["-vf", "scale=out_range=pc"],
        _ => [],
    };

    // A JPEG file is always in the matrix of BT.601 (JFIF 1.02).
    private static string ToJpegMatrix(string? matrix) => matrix switch
    {
        "bt709" => ":in_color_matrix=bt709:out_color_matrix=smpte170m",
        "smpte240m" => ":in_color_matrix=smpte240m:out_color_matrix=smpte170m",
        "bt2020nc" or "bt2020c" => ":in_color_matrix=bt2020:out_color_matrix=smpte170m",
        _ => "",
    };

    private static IEnumerable<string> Color(EncodeSettings settings)
    {
        var color = (settings.Codec, settings.Source) switch
        {
            (VideoCodec.Mjpeg, _) or (_, SourceKind.H264 or SourceKind.Hevc) => settings.Color with { Range = null, Matrix = null },
            (VideoCodec.Ffv1, SourceKind.Rgb or SourceKind.Gray) => settings.Color with { Range = null, Matrix = null },
            (VideoCodec.Ffv1, SourceKind.Jpeg) => settings.Color with { Range = "pc", Matrix = settings.Color.Matrix ?? "smpte170m" },
            (_, SourceKind.Jpeg) => settings.Color with { Range = "tv", Matrix = settings.Color.Matrix ?? "smpte170m" },
            (_, SourceKind.Rgb or SourceKind.Gray) => settings.Color with { Range = "tv", Matrix = "bt709" },
            _ => settings.Color,
        };
        (string Option, string? Value)[] tags =
            [("-color_range", color.Range), ("-colorspace", color.Matrix), ("-color_primaries", color.Primaries), ("-color_trc", color.Transfer)];
        return tags.Where(tag => tag.Value is not null).SelectMany(tag => new[] { tag.Option, tag.Value! });
    }

    // MP4: a fragment each second, each flushed, so that a kill costs at most a second; never frag_keyframe, which for MJPEG is a fragment
    // a frame. Matroska: a cluster each second.
    private static string[] Output(ContainerFormat container) => container == ContainerFormat.Mp4
        ?
        [
            "-f", "mp4", "-movflags", "empty_moov+default_base_moof", "-frag_duration", "1000000", "-video_track_timescale", "1000000",
            "-flush_packets", "1", "pipe:1",
        ]
        : ["-f", "matroska", "-cluster_time_limit", "1000", "-cluster_size_limit", "4194304", "-flush_packets", "1", "pipe:1"];

    private static string Number(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
