namespace ThatDam.Agent.Ffmpeg;

/// <summary>[Ffmpeg] of the configuration.</summary>
public sealed record FfmpegOptions
{
    /// <summary>The program: a path, or a name to look up in PATH.</summary>
    public string Path { get; init; } = "ffmpeg";

    /// <summary>Processes kept warm for each command line that is kept warm; 0: none.</summary>
    public int PoolSize { get; init; } = 1;

    /// <summary>The preset of x264 and x265.</summary>
    public string Preset { get; init; } = "veryfast";
}
