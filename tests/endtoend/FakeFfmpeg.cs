namespace ThatDam.EndToEnd.Tests;

/// <summary>A stand-in for ffmpeg that is the real one but for one thing. A script in a folder of its own.</summary>
internal static class FakeFfmpeg
{
    /// <summary>One that says of an encoder what ffmpeg says of one that was left out of its build.</summary>
    public static string WithoutEncoder(string folder, string encoder) => Write(folder, $"""
        #!/bin/sh
        # FAKE: ffmpeg as if built without {encoder}
        for word in "$@"; do
            [ "$word" = {encoder} ] && echo "Unknown encoder '{encoder}'" >&2 && exit 1
        done
        exec ffmpeg "$@"
        """);

    /// <summary>One that takes its time before it reads.</summary>
    public static string Slow(string folder, double seconds) => Write(folder, FormattableString.Invariant($"""
        #!/bin/sh
        # FAKE: ffmpeg that starts {seconds} s late
        sleep {seconds}
        exec ffmpeg "$@"
        """));

    private static string Write(string folder, string script)
    {
        var path = Path.Combine(folder, "ffmpeg");
        File.WriteAllText(path, script + "\n");
        File.SetUnixFileMode(path, (UnixFileMode)0x1ed);
        return path;
    }
}
