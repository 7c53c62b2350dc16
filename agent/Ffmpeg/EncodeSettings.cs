using ThatDam.Agent.Capture;
using ThatDam.Agent.Piping;

namespace ThatDam.Agent.Ffmpeg;

/// <summary>
/// All that ffmpeg's command line depends on, and no more: every camera and mode with equal settings is served by the same warm
/// process. Size is not among them; the stream itself tells it.
/// </summary>
public sealed record EncodeSettings
{
    /// <summary>What is in the file.</summary>
    public required VideoCodec Codec { get; init; }

    /// <summary>The file around it.</summary>
    public required ContainerFormat Container { get; init; }

    /// <summary>ffmpeg's name of the encoder, such as <c>libx264</c>; null for a copy.</summary>
    public string? Encoder { get; init; }

    /// <summary>What the camera gives.</summary>
    public required SourceKind Source { get; init; }

    /// <summary>How its numbers mean colours; unknown for sources that say it themselves.</summary>
    public Colorimetry Color { get; init; } = Colorimetry.Unknown;

    /// <summary>
    /// Frames per second that h264 and hevc reckon with: the rate itself when a bitrate is to be held, else the next of 30, 60, 120, 240.
    /// Timestamps do not follow it. Without it, x264 takes the time base for the rate: a million frames a second.
    /// </summary>
    public double Fps { get; init; } = 30;

    /// <summary>Bits per second; excludes <see cref="Crf"/>.</summary>
    public int? Bitrate { get; init; }

    /// <summary>Constant quality, 0 (best) to 51.</summary>
    public int? Crf { get; init; }

    /// <summary>The preset of x264 or x265; null for other encoders.</summary>
    public string? Preset { get; init; }

    /// <summary>Threads of the encoder.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The settings for a camera's mode.</summary>
    /// <param name="choice">From <see cref="FormatRules.Choose"/>.</param>
    /// <param name="encoder">From <see cref="EncoderCatalog"/>; for a copy it is left out.</param>
    /// <param name="mode">What the driver set.</param>
    /// <param name="options">The configuration.</param>
    /// <param name="bitrate">Of the request; see <see cref="FormatRules.CheckQuality"/>.</param>
    /// <param name="crf">Of the request.</param>
    public static EncodeSettings For(FormatChoice choice, string encoder, CaptureMode mode, FfmpegOptions options, int? bitrate = null, int? crf = null)
    {
        var source = KindOf(mode.Format);
        if (choice.Codec == VideoCodec.Copy)
            return new EncodeSettings { Codec = choice.Codec, Container = choice.Container, Source = source };
        var timed = choice.Codec is VideoCodec.H264 or VideoCodec.Hevc;
        return new EncodeSettings
        {
            Codec = choice.Codec,
            Container = choice.Container,
            Encoder = encoder,
            Source = source,
            Color = source is SourceKind.H264 or SourceKind.Hevc ? Colorimetry.Unknown : mode.Color,
            Fps = timed ? ReckonedRate(mode.Fps, exact: bitrate is not null) : 30,
            Bitrate = bitrate,
            Crf = crf,
            Preset = choice.Codec switch
            {
                VideoCodec.H264 => options.Preset,
                VideoCodec.Hevc => options.HevcPreset,
                _ => null,
            },
            Threads = options.Threads > 0 ? options.Threads : Math.Min(4, Environment.ProcessorCount),
        };
    }

    private static double ReckonedRate(double fps, bool exact) => fps switch
    {
        <= 0 => 30,
        _ when exact => Math.Round(fps, 3),
        <= 30.5 => 30,
        <= 60.5 => 60,
        <= 120.5 => 120,
        _ => 240,
    };

    private static SourceKind KindOf(string fourcc) => fourcc switch
    {
        "MJPG" or "JPEG" => SourceKind.Jpeg,
        "H264" => SourceKind.H264,
        "HEVC" => SourceKind.Hevc,
        _ => PixelLayout.Find(fourcc)?.Kind switch
        {
            PixelKind.Yuv422 => SourceKind.Yuv422,
            PixelKind.Yuv420 => SourceKind.Yuv420,
            PixelKind.Gray => SourceKind.Gray,
            PixelKind.Rgb => SourceKind.Rgb,
            _ => throw new ArgumentException($"{fourcc} cannot be recorded", nameof(fourcc)),
        },
    };
}

/// <summary>What a camera gives, as far as it matters to ffmpeg's command line.</summary>
public enum SourceKind
{
    Yuv422,
    Yuv420,
    Gray,
    Rgb,
    Jpeg,
    H264,
    Hevc,
}
