using ThatDam.Contract;

namespace ThatDam.Cli.Doctor;

/// <summary>There is no ffmpeg, or it encodes nothing.</summary>
internal static class FfmpegFinding
{
    public static IEnumerable<Finding> Of(Examination found)
    {
        if (found.Status?.Ffmpeg is not { } ffmpeg)
            yield break;
        if (ffmpeg.Problem is not null || ffmpeg.Path is null)
        {
            yield return new Finding(
                "ffmpeg", Severity.Error, "nothing can be recorded without it", ffmpeg.Problem ?? "there is none",
                "install it with `sudo apt install ffmpeg`, or name it with Path= in [Ffmpeg]; then `sudo systemctl restart thatdam-capture`");
        }
        else if (ffmpeg.Probed && !ffmpeg.Encoders.Any(encoder => encoder.Works))
        {
            yield return new Finding(
                "ffmpeg", Severity.Warning, "none of its encoders works", Tried(ffmpeg.Encoders),
                $"only cameras that compress by themselves can be recorded; install an ffmpeg with libx264: this one is {ffmpeg.Path}");
        }
    }

    private static string Tried(IReadOnlyList<EncoderStatus> encoders) => encoders.Count == 0
        ? "it has none that the daemon knows"
        : string.Join('\n', encoders.Select(encoder => $"{encoder.Name}: {encoder.Problem ?? "no frames came out"}"));
}
