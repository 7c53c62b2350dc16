using ThatDam.Agent.Capture;
using ThatDam.Agent.Devices;
using ThatDam.Agent.Ffmpeg;
using ThatDam.Agent.Piping;
using ThatDam.Contract;

namespace ThatDam.Agent.Recording;

/// <summary>
/// Turns requests into ffmpeg's command lines, and keeps those warm that the next request is likely to need: the defaults of the cameras
/// that are there, and what was used last.
/// </summary>
/// <param name="encoders">Which encoders work.</param>
/// <param name="pool">The warm processes.</param>
/// <param name="options">The configuration.</param>
public sealed class RecordingCommands(EncoderCatalog encoders, FfmpegPool pool, FfmpegOptions options)
{
    private const int MaxWarmCommandLines = 4;

    // What nearly every raw camera says of itself (V4L2_COLORSPACE_SRGB).
    private static readonly Colorimetry CommonColor = new("tv", "smpte170m", "bt709", "iec61966-2-1");

    private readonly Lock _gate = new();
    private List<IReadOnlyList<string>> _warm = [];

    /// <summary>What to ask of a camera for a request.</summary>
    /// <exception cref="ProblemException">422: what is asked for works with no camera, or not with this one.</exception>
    internal static ModeRequest Mode(RecordingRequest request, Device device)
    {
        if (device.Role != DeviceRole.Capture)
        {
            throw new ProblemException(422, "not_a_camera", "Not a camera", $"{device.Node} is for {device.Role.ToString().ToLowerInvariant()}, not for capture.",
                "damctl devices list shows the cameras.");
        }
        // Before a camera is opened in vain.
        if (FormatRules.Codec(request.Codec) is { } codec && codec != VideoCodec.Copy)
            FormatRules.CheckQuality(FormatRules.Choose(request.Codec, request.Container, "YUYV").Codec, request.Bitrate, request.Crf);
        var offered = device.Modes.Select(mode => mode.Format).Distinct().ToList();
        IReadOnlyList<string> usable = [.. (FormatRules.SourceFourccs(request.Codec) ?? PixelLayout.Fourccs).Where(offered.Contains)];
        if (usable.Count == 0 && offered.Count > 0)
            FormatRules.Choose(request.Codec, request.Container, offered[0]); // says why not
        return new ModeRequest(usable, request.Width, request.Height, request.Fps);
    }

    /// <summary>
    /// Waits until the encoder that a request is likely to need has been tried, so that no camera streams meanwhile. Which one it will be
    /// is known for certain only with the camera's mode.
    /// </summary>
    /// <exception cref="ProblemException">503: ffmpeg is missing, or has no such encoder.</exception>
    internal async Task ReadyAsync(RecordingRequest request, Device device, CancellationToken cancel)
    {
        var compressed = device.Modes.Any(mode => FormatRules.CopyableFourccs.Contains(mode.Format));
        var codec = FormatRules.Codec(request.Codec) ?? (compressed ? VideoCodec.Copy : VideoCodec.H264);
        if (codec != VideoCodec.Copy)
            await encoders.For(codec, cancel).ConfigureAwait(false);
    }

    /// <summary>The command line for a request and the mode that the camera really has.</summary>
    /// <exception cref="ProblemException">422: the pair does not work. 503: ffmpeg is missing, or has no such encoder.</exception>
    internal async Task<RecordingCommand> ForAsync(RecordingRequest request, CaptureMode mode, CancellationToken cancel)
    {
        var choice = FormatRules.Choose(request.Codec, request.Container, mode.Format);
        FormatRules.CheckQuality(choice.Codec, request.Bitrate, request.Crf);
        var encoder = choice.Codec == VideoCodec.Copy ? "" : (await encoders.For(choice.Codec, cancel).ConfigureAwait(false)).Name;
        var settings = EncodeSettings.For(choice, encoder, mode, options, request.Bitrate, request.Crf);
        return new RecordingCommand(FfmpegArguments.For(settings), FormatRules.Word(choice.Codec), FormatRules.Word(choice.Container), FileCodec(choice.Codec, mode));
    }

    // A file is named by what is in it, also when that came from the camera.
    private static string FileCodec(VideoCodec codec, CaptureMode mode) => codec != VideoCodec.Copy ? FormatRules.Word(codec) : mode.Format switch
    {
        "H264" => "h264",
        "HEVC" => "hevc",
        _ => "mjpeg",
    };

    /// <summary>Warms the default command lines of cameras. Waits for the encoders to be tried; in the background.</summary>
    public async Task WarmAsync(IReadOnlyList<Device> devices, CancellationToken cancel)
    {
        foreach (var device in devices.Where(device => device.Online && device.Role == DeviceRole.Capture && device.Modes.Count > 0))
        {
            try
            {
                var request = new RecordingRequest { Device = device.Node };
                var chosen = ModeChoice.Choose(device, Mode(request, device));
                var mode = new CaptureMode
                {
                    Format = chosen.Format,
                    Width = chosen.Width,
                    Height = chosen.Height,
                    Stride = 0,
                    FrameBytes = 0,
                    IntervalNumerator = 1000,
                    IntervalDenominator = (int)(chosen.Fps * 1000),
                    Color = CommonColor,
                };
                Used((await ForAsync(request, mode, cancel).ConfigureAwait(false)).Arguments);
            }
            catch (ProblemException)
            {
                // Told when somebody wants to record from it.
            }
        }
    }

    /// <summary>A command line was used, and is the first to be kept warm.</summary>
    internal void Used(IReadOnlyList<string> arguments)
    {
        lock (_gate)
        {
            if (_warm.Count > 0 && _warm[0].SequenceEqual(arguments))
                return;
            _warm = [arguments, .. _warm.Where(other => !other.SequenceEqual(arguments)).Take(MaxWarmCommandLines - 1)];
            pool.SetWarm(_warm);
        }
    }
}

/// <summary>What a recording is made with.</summary>
/// <param name="Arguments">ffmpeg's arguments.</param>
/// <param name="Codec">The codec's word in the API.</param>
/// <param name="Container">The container's word, and the file's extension.</param>
/// <param name="FileCodec">What is in the file.</param>
internal sealed record RecordingCommand(IReadOnlyList<string> Arguments, string Codec, string Container, string FileCodec);
