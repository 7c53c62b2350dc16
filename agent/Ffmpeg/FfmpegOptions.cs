namespace ThatDam.Agent.Ffmpeg;

/// <summary>[Ffmpeg] of the configuration.</summary>
public sealed record FfmpegOptions
{
    /// <summary>The program: a path, or a name to look up in PATH.</summary>
    public string Path { get; init; } = "ffmpeg";

    /// <summary>Processes kept warm for each command line that is kept warm; 0: none.</summary>
    public int PoolSize { get; init; } = 1;

    /// <summary>The preset of x264.</summary>
    public string Preset { get; init; } = "veryfast";

    /// <summary>The preset of x265, which needs about three times the time of x264 at the same name.</summary>
    public string HevcPreset { get; init; } = "superfast";

    /// <summary>Threads of one encoder; 0: one for each processor, at most four, for every slice that a thread needs costs bits.</summary>
    public int Threads { get; init; }
}
