using ThatDam.Native.Files;

namespace ThatDam.Cli.Tests.Commands;

/// <summary>On a file that ffmpeg wrote: forty frames of H.264 in four fragments.</summary>
public sealed class RecordRepairTests : IDisposable
{
    private static readonly byte[] s_clip = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "clip.mp4"));

    private readonly string _folder = Directory.CreateTempSubdirectory("repair-").FullName;

    [Fact]
    public void A_file_that_a_crash_left_becomes_final_and_stays_so()
    {
        // In the last fragment's media, before the bytes that ffmpeg wrote behind it.
        string file = Written(s_clip[..^200]);

        Assert.Equal($"{file}: final, 30 frames, 3 s; {s_clip.Length - 200 - ThirdEnds()} bytes behind the last whole fragment stay, and do not play\n", Damctl.Run(null, "record", "repair", file).Good());
        byte[] final = File.ReadAllBytes(file);
        Assert.Equal($"{file}: final already, 30 frames\n", Damctl.Run(null, "record", "repair", file).Good());
        Assert.Equal(final, File.ReadAllBytes(file));
    }

    [Fact]
    public void One_that_is_damaged_plays_up_to_there_and_loses_nothing()
    {
        byte[] damaged = (byte[])s_clip.Clone();
        damaged.AsSpan(ThirdEnds(), 4).Clear();
        damaged[ThirdEnds() + 3] = 5;
        string file = Written(damaged);

        Assert.Equal(
            $"{file}: final, 30 frames, 3 s; {damaged.Length - ThirdEnds()} bytes behind the last whole fragment stay, and do not play\n  damaged: there is no box at byte {ThirdEnds()}\n", Damctl.Run(null, "record", "repair", file).Good());
        Assert.True(new FileInfo(file).Length > damaged.Length);
    }

    [Fact]
    public void Json_has_every_figure()
    {
        string file = Written(s_clip);

        Assert.Matches(
            $$"""^{"file":"{{file}}","was_final":false,"frames":40,"duration_s":4,"bytes":\d+,"unplayed_bytes":\d+}\n$""", Damctl.Run(null, "record", "repair", file, "-o", "json").Good());
    }

    [Fact]
    public void What_cannot_be_repaired_is_told_with_its_remedy_and_left_alone()
    {
        Refused(3, "no such file", Path.Combine(_folder, "none.mp4"));
        Refused(2, "a directory", _folder);
        Refused(1, "it begins with", Written("RIFF, and no MP4"u8.ToArray()));
        Refused(1, "it holds no whole fragment", Written([]));
        Refused(1, "it holds no whole fragment", Written(s_clip[..900]));
    }

    [Fact]
    public void One_that_is_being_written_is_left_alone()
    {
        string file = Written(s_clip);
        using DirectoryDescriptor directory = DirectoryDescriptor.Open(_folder);
        using FileDescriptor writer = directory.OpenExisting(Path.GetFileName(file), write: true);
        Assert.True(writer.TryLock());

        Refused(6, "another program has it open", file);
    }

    [Fact]
    public void A_link_is_followed()
    {
        string file = Written(s_clip);
        string link = Path.Combine(_folder, "link.mp4");
        File.CreateSymbolicLink(link, file);

        Assert.StartsWith($"{link}: final, 40 frames", Damctl.Run(null, "record", "repair", link).Good(), StringComparison.Ordinal);
        Assert.StartsWith($"{file}: final already", Damctl.Run(null, "record", "repair", file).Good(), StringComparison.Ordinal);
    }

    private static void Refused(int exitCode, string reason, string path)
    {
        byte[]? before = File.Exists(path) ? File.ReadAllBytes(path) : null;

        Outcome outcome = Damctl.Run(null, "record", "repair", path);

        Assert.Equal((exitCode, ""), (outcome.ExitCode, outcome.Out));
        Assert.StartsWith($"damctl: {path}: {reason}", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("\n  remedy: ", outcome.Error, StringComparison.Ordinal);
        if (before is not null)
            Assert.Equal(before, File.ReadAllBytes(path));
    }

    private string Written(byte[] bytes)
    {
        string path = Path.Combine(_folder, $"{Directory.GetFiles(_folder).Length}.mp4");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static int ThirdEnds() => s_clip.AsSpan().LastIndexOf("moof"u8) - 4;

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
