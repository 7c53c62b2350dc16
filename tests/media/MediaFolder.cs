using System.Globalization;
using ThatDam.Media.Mp4;
using ThatDam.Native.Files;

namespace ThatDam.Media.Tests;

/// <summary>A folder of files that ffmpeg made, gone when the test is over.</summary>
internal sealed class MediaFolder : IDisposable
{
    // As the daemon has them written.
    private static readonly string[] Fragmented = ["-f", "mp4", "-movflags", "empty_moov+default_base_moof", "-frag_duration", "1000000", "-video_track_timescale", "1000000"];

    private readonly string _path = Directory.CreateTempSubdirectory("media-").FullName;

    public string this[string name] => Path.Join(_path, name);

    /// <summary>A fragmented file, written through a pipe as the daemon's are. Its path.</summary>
    /// <param name="input">ffmpeg's options of the input and the encoder.</param>
    public async Task<string> FragmentedAsync(params string[] input)
    {
        var path = this[$"f{Directory.GetFiles(_path).Length.ToString(CultureInfo.InvariantCulture)}.mp4"];
        await Tool.RunAsync("sh", ["-c", "out=$1; shift; exec \"$@\" > \"$out\"", "sh", path,
            "ffmpeg", "-hide_banner", "-loglevel", "error", "-bitexact", .. input, "-bitexact", .. Fragmented, "-flush_packets", "1", "pipe:1"]);
        return path;
    }

    /// <summary>What ffmpeg makes of it that writes every byte anew.</summary>
    public static async Task<string> RemuxedAsync(string path)
    {
        var to = path + ".remuxed.mp4";
        await Tool.RunAsync("ffmpeg", "-hide_banner", "-loglevel", "error", "-i", path, "-map", "0", "-c", "copy", "-movflags", "+faststart", to);
        return to;
    }

    /// <summary>What we make of it: a copy, finalised.</summary>
    /// <param name="path">The fragmented file.</param>
    /// <param name="step">Bytes after which it is looked at while it grows; 0: only at the end.</param>
    public static string Finalised(string path, long step = 0)
    {
        var to = path + ".final.mp4";
        File.Copy(path, to, overwrite: true);
        using var mp4 = new OpenMp4(to);
        for (long at = step; step > 0 && at < mp4.File.Length; at += step)
            mp4.Mp4.Follow(at);
        mp4.Mp4.Follow(mp4.File.Length);
        Assert.Equal(mp4.Mp4.Finalise(), mp4.File.Length);
        return to;
    }

    /// <summary>
    /// Each packet, as ffprobe reads it, stream by stream: times, size, flags, a hash of its bytes. But for the last one's duration, which a muxer guesses.
    /// </summary>
    public static async Task<string[]> PacketsAsync(string path)
    {
        var lines = (await Tool.RunAsync("ffprobe", "-v", "error", "-show_entries", "packet=stream_index,pts_time,dts_time,duration_time,size,flags,data_hash", "-show_data_hash", "md5", "-of", "compact=p=0", path))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.GroupBy(line => line.Split('|')[0]).OrderBy(stream => stream.Key, StringComparer.Ordinal).SelectMany(stream =>
            stream.SkipLast(1).Append(string.Join('|', stream.Last().Split('|').Where(field => !field.StartsWith("duration", StringComparison.Ordinal)))))];
    }

    /// <summary>
    /// That ffprobe says the same of two files and their streams: starts, counts, codecs; and lengths, but for 20 ms: how long the last packet lasts a
    /// muxer guesses.
    /// </summary>
    public static async Task MustBeAlikeAsync(string one, string other)
    {
        const double LastPacket_s = 0.02;
        var (first, second) = (await ProbeAsync(one), await ProbeAsync(other));
        Assert.Equal(first.Keys, second.Keys);
        Assert.All(first, field =>
        {
            if (field.Key.EndsWith(".duration", StringComparison.Ordinal))
                Assert.Equal(Number(field.Value), Number(second[field.Key]), LastPacket_s);
            else
                Assert.Equal($"{field.Key} {field.Value}", $"{field.Key} {second[field.Key]}");
        });
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static async Task<SortedDictionary<string, string>> ProbeAsync(string path)
    {
        var printed = await Tool.RunAsync(
            "ffprobe", "-v", "error", "-show_entries", "format=duration,start_time,nb_streams:stream=codec_name,codec_tag_string,width,height,duration,start_time,nb_frames", "-of", "flat", path);
        return new SortedDictionary<string, string>(
            printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1].Trim('"')), StringComparer.Ordinal);
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}

/// <summary>A file that is being read as a fragmented MP4.</summary>
internal sealed class OpenMp4 : IDisposable
{
    private readonly List<FileDescriptor> _sides = [];

    public OpenMp4(string path)
    {
        using var directory = DirectoryDescriptor.Open(Path.GetDirectoryName(path)!);
        File = directory.OpenExisting(Path.GetFileName(path), write: true);
        Mp4 = new FragmentedMp4(File, () =>
        {
            _sides.Add(SideFile.Create(Path.GetTempPath()));
            return _sides[^1];
        });
    }

    public FileDescriptor File { get; }

    public FragmentedMp4 Mp4 { get; }

    public void Dispose()
    {
        File.Dispose();
        foreach (var side in _sides)
            side.Dispose();
    }
}
