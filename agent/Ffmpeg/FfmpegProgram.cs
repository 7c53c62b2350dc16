using System.Runtime.Versioning;
using ThatDam.Contract;

namespace ThatDam.Agent.Ffmpeg;

/// <summary>The ffmpeg that is there now. Equal while the file is the same.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Bytes">The file's size.</param>
/// <param name="Modified">When the file was changed.</param>
public sealed record FfmpegProgram(string Path, long Bytes, DateTimeOffset Modified)
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Finds it, each time anew: it may be installed while the daemon runs.</summary>
    /// <exception cref="ProblemException">503: there is none.</exception>
    public static FfmpegProgram Find(FfmpegOptions options)
    {
        foreach (var candidate in Candidates(options.Path))
        {
            var file = new FileInfo(candidate);
            if (file.Exists && IsExecutable(file))
                return new FfmpegProgram(file.FullName, file.Length, file.LastWriteTimeUtc);
        }

        throw new ProblemException(
            503,
            "ffmpeg_missing",
            "ffmpeg is missing",
            options.Path.Contains('/', StringComparison.Ordinal)
                ? $"There is no program {options.Path}."
                : $"There is no program {options.Path} in PATH.",
            "Install ffmpeg (apt install ffmpeg), or set Path= in [Ffmpeg] to where it is.");
    }

    private static IEnumerable<string> Candidates(string name)
    {
        if (name.Contains('/', StringComparison.Ordinal))
            return [name];
        var path = Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin";
        return path.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => System.IO.Path.Join(folder, name));
    }

    [UnsupportedOSPlatformGuard("windows")]
    private static bool NotWindows => !OperatingSystem.IsWindows();

    private static bool IsExecutable(FileInfo file) => NotWindows && (file.UnixFileMode & AnyExecute) != 0;
}
