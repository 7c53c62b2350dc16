using System.Globalization;
using System.Text.Json;

namespace ThatDam.EndToEnd.Tests;

/// <summary>What ffprobe finds in a file.</summary>
/// <param name="Codec">ffmpeg's name of the codec.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="PixelFormat">ffmpeg's name of it.</param>
/// <param name="Frames">Frames that could be decoded.</param>
/// <param name="Times_s">Presentation time of each packet, in order, seconds.</param>
/// <param name="Errors">What the decoder complained about; empty is good.</param>
internal sealed record Video(string Codec, int Width, int Height, string PixelFormat, int Frames, double[] Times_s, string Errors)
{
    /// <summary>Decodes the whole of a file.</summary>
    public static async Task<Video> ReadAsync(string file)
    {
        var probe = (await Command.RunAsync("ffprobe", "-v", "error", "-select_streams", "v:0", "-count_frames",
            "-show_entries", "stream=codec_name,width,height,pix_fmt,nb_read_frames:packet=pts_time", "-of", "json", file)).MustSucceed();
        using var json = JsonDocument.Parse(probe.Stdout);
        var stream = json.RootElement.GetProperty("streams")[0];
        var times = json.RootElement.GetProperty("packets").EnumerateArray()
            .Select(p => double.Parse(p.GetProperty("pts_time").GetString()!, CultureInfo.InvariantCulture)).Order().ToArray();
        return new Video(stream.GetProperty("codec_name").GetString()!, stream.GetProperty("width").GetInt32(),
            stream.GetProperty("height").GetInt32(), stream.GetProperty("pix_fmt").GetString()!,
            int.Parse(stream.GetProperty("nb_read_frames").GetString()!, CultureInfo.InvariantCulture), times, probe.Stderr);
    }

    /// <summary>How far this file's times are from the given ones, on average, both counted from their first. Milliseconds.</summary>
    /// <remarks>A frame that the file lacks is passed over, also at the start: each time is held against the nearest of the given ones.</remarks>
    public double MeanError_ms(IReadOnlyList<double> captured_s) =>
        Enumerable.Range(0, Math.Min(5, captured_s.Count)).Min(first => MeanError_ms(captured_s, first));

    private double MeanError_ms(IReadOnlyList<double> captured_s, int first)
    {
        var total = 0.0;
        var at = first;
        foreach (var time in Times_s)
        {
            var wanted = time - Times_s[0] + captured_s[first];
            while (at + 1 < captured_s.Count && Math.Abs(captured_s[at + 1] - wanted) <= Math.Abs(captured_s[at] - wanted))
                at++;
            total += Math.Abs(captured_s[at] - wanted);
        }

        return 1000 * total / Times_s.Length;
    }
}
