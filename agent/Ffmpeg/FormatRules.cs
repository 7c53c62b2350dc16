using System.Collections.Immutable;
using ThatDam.Agent.Piping;
using ThatDam.Contract;

namespace ThatDam.Agent.Ffmpeg;

/// <summary>Which codec goes into which container, from which camera. Pure.</summary>
public static class FormatRules
{
    private const string Possible =
        "These work: h264, hevc and mjpeg in mp4 or mkv; ffv1 in mkv; copy in mp4 or mkv, from a camera that gives MJPG, JPEG, H264 or HEVC.";

    /// <summary>The camera formats that can be stored as they are.</summary>
    public static ImmutableArray<string> CopyableFourccs { get; } = ["MJPG", "JPEG", "H264", "HEVC"];

    /// <summary>The API's word for a codec.</summary>
    public static string Word(VideoCodec codec) => codec switch
    {
        VideoCodec.Copy => "copy",
        VideoCodec.H264 => "h264",
        VideoCodec.Hevc => "hevc",
        VideoCodec.Mjpeg => "mjpeg",
        _ => "ffv1",
    };

    /// <summary>The API's word for a container, which is also the file's extension.</summary>
    public static string Word(ContainerFormat container) => container == ContainerFormat.Mp4 ? "mp4" : "mkv";

    /// <summary>The codec of a request; null where it names none.</summary>
    /// <exception cref="ProblemException">422: there is no such codec.</exception>
    public static VideoCodec? Codec(string? word) => word switch
    {
        null => null,
        "copy" => VideoCodec.Copy,
        "h264" => VideoCodec.H264,
        "hevc" => VideoCodec.Hevc,
        "mjpeg" => VideoCodec.Mjpeg,
        "ffv1" => VideoCodec.Ffv1,
        _ => throw Refused($"There is no codec {word}."),
    };

    /// <summary>The container of a request; null where it names none.</summary>
    /// <exception cref="ProblemException">422: there is no such container.</exception>
    public static ContainerFormat? Container(string? word) => word switch
    {
        null => null,
        "mp4" => ContainerFormat.Mp4,
        "mkv" => ContainerFormat.Mkv,
        _ => throw Refused($"There is no container {word}."),
    };

    /// <summary>
    /// The camera formats that a request can use; null: any. Ask before the camera's mode is chosen, so that a request
    /// for a copy does not end at a raw mode of a camera that has both.
    /// </summary>
    /// <exception cref="ProblemException">422: there is no such codec.</exception>
    public static IReadOnlyList<string>? SourceFourccs(string? codec) => Codec(codec) == VideoCodec.Copy ? CopyableFourccs : null;

    /// <summary>What a request comes to with a camera that gives a format. Defaults: copy for a compressed one, else h264; mp4, or mkv where the codec needs it.</summary>
    /// <param name="codec">The request's word.</param>
    /// <param name="container">The request's word.</param>
    /// <param name="fourcc">What the camera gives.</param>
    /// <exception cref="ProblemException">422: that does not go together; names what does.</exception>
    public static FormatChoice Choose(string? codec, string? container, string fourcc)
    {
        var copyable = CopyableFourccs.Contains(fourcc);
        var chosen = Codec(codec) ?? (copyable ? VideoCodec.Copy : VideoCodec.H264);
        if (PixelLayout.Find(fourcc) is null)
            throw Refused($"The camera gives {fourcc}, which cannot be recorded.", "Choose another of its formats.");
        if (chosen == VideoCodec.Copy && !copyable)
            throw Refused($"copy keeps the camera's own compression, and {fourcc} is not compressed.");
        var file = Container(container) ?? (chosen == VideoCodec.Ffv1 ? ContainerFormat.Mkv : ContainerFormat.Mp4);
        return chosen == VideoCodec.Ffv1 && file == ContainerFormat.Mp4
            ? throw Refused("ffv1 does not go into mp4.")
            : new FormatChoice(chosen, file);
    }

    /// <summary>Refuses a bitrate or a quality that a codec cannot follow.</summary>
    /// <exception cref="ProblemException">422.</exception>
    public static void CheckQuality(VideoCodec codec, int? bitrate, int? crf)
    {
        if (bitrate is not null && crf is not null)
            throw Refused("A bitrate and a crf exclude each other.", "Leave one of them out.");
        if (codec is VideoCodec.Copy or VideoCodec.Ffv1 && (bitrate ?? crf) is not null)
            throw Refused($"{Word(codec)} has one quality only: the camera's own.", "Leave bitrate and crf out, or choose h264, hevc or mjpeg.");
        if (codec == VideoCodec.Mjpeg && bitrate is not null)
            throw Refused("mjpeg follows no bitrate: each of its pictures stands alone.", "Set its quality with crf, 0 (best) to 51.");
        if (crf is < 0 or > 51)
            throw Refused($"There is no crf {crf}.", "It goes from 0 (best) to 51.");
        if (bitrate is < 10_000 or > 1_000_000_000)
            throw Refused($"A bitrate of {bitrate} bits per second makes no video.", "It goes from 10000 to 1000000000.");
    }

    private static ProblemException Refused(string detail, string? remedy = null) =>
        new(422, "format_not_possible", "That format is not possible", detail, remedy ?? Possible);
}
