using System.Globalization;

namespace ThatDam.Agent.Ffmpeg;

/// <summary>What ffmpeg last said of its work (<c>-progress</c>); the last word before it exits is exact.</summary>
/// <param name="Frames">Frames written to the file.</param>
/// <param name="OutTime_us">Microseconds of video written.</param>
/// <param name="Bytes">Bytes written.</param>
/// <param name="Speed">Times as fast as the video plays; 0 when not known.</param>
/// <param name="Ended">Whether this is the last word.</param>
public sealed record FfmpegProgress(long Frames, long OutTime_us, long Bytes, double Speed, bool Ended)
{
    /// <summary>Before it has said anything.</summary>
    public static FfmpegProgress None { get; } = new(0, 0, 0, 0, false);

    /// <summary>This with one line, <c>key=value</c>, taken in; lines that are not understood change nothing.</summary>
    public FfmpegProgress With(string line)
    {
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
            return this;
        var value = line.AsSpan(equals + 1).Trim();
        return line.AsSpan(0, equals) switch
        {
            "frame" => this with { Frames = Whole(value, Frames) },
            "out_time_us" => this with { OutTime_us = Whole(value, OutTime_us) },
            "total_size" => this with { Bytes = Whole(value, Bytes) },
            "speed" => this with { Speed = double.TryParse(value.TrimEnd('x'), CultureInfo.InvariantCulture, out var speed) ? speed : 0 },
            "progress" => this with { Ended = value is "end" },
            _ => this,
        };
    }

    private static long Whole(ReadOnlySpan<char> text, long otherwise) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : otherwise; // N/A at first
}
