using System.Text.Json;
using System.Text.Json.Serialization;
using ThatDam.Contract;

namespace ThatDam.Agent.Ffmpeg;

/// <summary>
/// The encoders that worked, kept in the state directory for the next start. Good for one ffmpeg (path, size, time of change) on a
/// machine with one set of graphics devices. Failures are not kept: they may have been the moment's.
/// </summary>
internal sealed class EncoderCache(string stateDirectory)
{
    private const string FileName = "encoders.json";
    private readonly Lock _lock = new();

    private string Path => System.IO.Path.Join(stateDirectory, FileName);

    /// <summary>What is known of this ffmpeg; nothing when the file is for another one, or cannot be read.</summary>
    public KnownEncoders Load(FfmpegProgram program)
    {
        var key = Key(program);
        try
        {
            lock (_lock)
            {
                var found = JsonSerializer.Deserialize(File.ReadAllBytes(Path), EncoderCacheJson.Default.KnownEncoders);
                return found?.Key == key ? found : new KnownEncoders(key, null, []);
            }
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException or JsonException)
        {
            return new KnownEncoders(key, null, []);
        }
    }

    /// <summary>Keeps it. Not being able to costs a probe at the next start, no more.</summary>
    public void Save(KnownEncoders known)
    {
        try
        {
            lock (_lock)
            {
                var written = Path + ".new";
                File.WriteAllBytes(written, JsonSerializer.SerializeToUtf8Bytes(known, EncoderCacheJson.Default.KnownEncoders));
                File.Move(written, Path, overwrite: true);
            }
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static string Key(FfmpegProgram program) =>
        FormattableString.Invariant($"{program.Path} {program.Bytes} {program.Modified:O} {string.Join(' ', GraphicsDevices())}");

    private static IEnumerable<string> GraphicsDevices() =>
        Directory.Exists("/dev/dri") ? Directory.EnumerateFiles("/dev/dri").Order(StringComparer.Ordinal) : [];
}

/// <summary>What is known of one ffmpeg.</summary>
/// <param name="Key">Which one, on which machine.</param>
/// <param name="Version">Its first version line.</param>
/// <param name="Working">The encoders that worked.</param>
internal sealed record KnownEncoders(string Key, string? Version, IReadOnlyList<EncoderStatus> Working);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(KnownEncoders))]
internal sealed partial class EncoderCacheJson : JsonSerializerContext;
