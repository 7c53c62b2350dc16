using System.Globalization;
using System.Runtime.InteropServices;

namespace ThatDam.Cli.Doctor;

/// <summary>What this machine shows the caller: nodes, their owners, users, processes. Nothing here throws for what may not be read.</summary>
internal sealed partial class Machine
{
    private const int AtCurrentDirectory = -100; // AT_FDCWD, <fcntl.h>
    private const uint BasicStats = 0x7ff; // STATX_BASIC_STATS, <linux/stat.h>

    /// <summary>Before every path: empty for this machine.</summary>
    public string Root { get; init; } = "";

    /// <summary>The entries of a directory, by their paths.</summary>
    /// <exception cref="UnauthorizedAccessException">The caller may not read it.</exception>
    public Func<string, IEnumerable<string>> Entries { get; init; } = Directory.EnumerateFileSystemEntries;

    /// <summary>Who the caller is.</summary>
    public string User { get; init; } = Environment.UserName;

    /// <summary>The nodes that a video device may be behind, in order of their numbers.</summary>
    public IReadOnlyList<string> VideoNodes()
    {
        try
        {
            return
            [
                .. Entries($"{Root}/dev").Select(path => path[Root.Length..]).Where(path => path.StartsWith("/dev/video", StringComparison.Ordinal))
                    .OrderBy(path => path.Length).ThenBy(path => path, StringComparer.Ordinal),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Whether a path is there.</summary>
    public bool Exists(string path) => Path.Exists(Root + path);

    /// <summary>The text of a file; null where it cannot be read.</summary>
    public string? Text(string path)
    {
        try
        {
            return File.ReadAllText(Root + path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Who owns a file, and what they may do with it; null where it cannot be asked.</summary>
    public unsafe FileOwner? Owner(string path)
    {
        byte* stats = stackalloc byte[256]; // sizeof(struct statx)
        if (Stat(AtCurrentDirectory, Root + path, 0, BasicStats, stats) != 0)
            return null;
        return new FileOwner(*(uint*)(stats + 20), *(uint*)(stats + 24), *(ushort*)(stats + 28) & 0xfff); // stx_uid, stx_gid, stx_mode
    }

    /// <summary>A user's name, or its number where it has none.</summary>
    public string UserName(uint id) => NameIn("/etc/passwd", id) ?? string.Create(CultureInfo.InvariantCulture, $"uid {id}");

    /// <summary>A group's name, or its number where it has none.</summary>
    public string GroupName(uint id) => NameIn("/etc/group", id) ?? string.Create(CultureInfo.InvariantCulture, $"gid {id}");

    private string? NameIn(string file, uint id)
    {
        string number = id.ToString(CultureInfo.InvariantCulture);
        return Text(file)?.Split('\n').Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length > 2 && fields[2] == number)?[0];
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Stat(int directory, string path, int flags, uint mask, byte* stats);
}

/// <summary>Who owns a file.</summary>
/// <param name="User">Its owner.</param>
/// <param name="Group">Its group.</param>
/// <param name="Mode">The permission bits.</param>
internal sealed record FileOwner(uint User, uint Group, int Mode)
{
    /// <summary>Whether a process of these ids may read and write it, as far as the bits go.</summary>
    public bool Opens(uint user, IReadOnlyCollection<uint> groups) => user == 0
        || (((user == User ? Mode >> 6 : groups.Contains(Group) ? Mode >> 3 : Mode) & 6) == 6);
}
