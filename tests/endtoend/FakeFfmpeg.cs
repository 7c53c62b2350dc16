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

    /// <summary>One that takes so many bytes, then rests for a sixth of a second, and so on.</summary>
    public static string Sluggish(string folder, int bytes) => Write(folder, $"""
        #!/bin/sh
        # FAKE: ffmpeg that takes {bytes} bytes at a time, six times a second
        chunk=$(mktemp)
        while head -c {bytes} > "$chunk" && [ -s "$chunk" ]; do cat "$chunk"; sleep 0.16; done | ffmpeg "$@"
        rc=$?; rm -f "$chunk"; exit $rc
        """);

    private static string Write(string folder, string script)
    {
        var path = Path.Combine(folder, "ffmpeg");
        File.WriteAllText(path, script + "\n");
        File.SetUnixFileMode(path, (UnixFileMode)0x1ed);
        return path;
    }
}
