using System.Globalization;
using System.Runtime.InteropServices;

namespace ThatDam.Cli.Doctor;

/// <summary>What this machine shows the caller: nodes, their owners, users, processes. Nothing here throws for what may not be read.</summary>
internal sealed partial class Machine
{
    private const int AtCurrentDirectory = -100; // AT_FDCWD, <fcntl.h>
    private const int AccessBytesMost = 8192; // of some 1,000 entries
    private const uint BasicStats = 0x7ff; // STATX_BASIC_STATS, <linux/stat.h>

    /// <summary>Before every path: empty for this machine.</summary>
    public string Root { get; init; } = "";

    /// <summary>The entries of a directory, by their paths.</summary>
    /// <exception cref="UnauthorizedAccessException">The caller may not read it.</exception>
    public Func<string, IEnumerable<string>> Entries { get; init; } = Directory.EnumerateFileSystemEntries;

    /// <summary>The text of a file.</summary>
    /// <exception cref="IOException">It is not there.</exception>
    /// <exception cref="UnauthorizedAccessException">The caller may not read it.</exception>
    public Func<string, string> Read { get; init; } = File.ReadAllText;

    /// <summary>The bytes of a file's access list, as <see cref="AccessList.Attribute"/> has them; empty where it has none.</summary>
    public Func<string, byte[]> AccessBytes { get; init; } = AccessBytesOf;

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
            return Read(Root + path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether a node is one of v4l2loopback, by an attribute that only that driver gives.</summary>
    public bool IsLoopback(string node) => Exists($"/sys/class/video4linux/{Path.GetFileName(node)}/max_openers");

    /// <summary>Who owns a file, and what they may do with it; null where it cannot be asked.</summary>
    public unsafe FileOwner? Owner(string path)
    {
        byte* stats = stackalloc byte[256]; // sizeof(struct statx)
        if (Stat(AtCurrentDirectory, Root + path, 0, BasicStats, stats) != 0)
            return null;
        // stx_uid, stx_gid, stx_mode
        return new FileOwner(*(uint*)(stats + 20), *(uint*)(stats + 24), *(ushort*)(stats + 28) & 0xfff, AccessList.Parse(AccessBytes(Root + path)));
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

    private static byte[] AccessBytesOf(string path)
    {
        byte[] bytes = new byte[AccessBytesMost];
        nint length = Attribute(path, AccessList.Attribute, bytes, (nuint)bytes.Length);
        return length > 0 ? bytes[..(int)length] : [];
    }

    [LibraryImport("libc", EntryPoint = "getxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Attribute(string path, string name, Span<byte> bytes, nuint size);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Stat(int directory, string path, int flags, uint mask, byte* stats);
}

/// <summary>Who owns a file.</summary>
/// <param name="User">Its owner.</param>
/// <param name="Group">Its group.</param>
/// <param name="Mode">The permission bits.</param>
/// <param name="Access">Its access list; null where the bits are all.</param>
internal sealed record FileOwner(uint User, uint Group, int Mode, AccessList? Access = null)
{
    /// <summary>Whether its group may read and write it.</summary>
    public bool LetsItsGroup => Access?.LetsItsGroup ?? (Mode >> 3 & 6) == 6;

    /// <summary>Whether a process of these ids may read and write it.</summary>
    public bool Opens(uint user, IReadOnlyCollection<uint> groups) => user == 0
        || (Access?.Opens(User, Group, user, groups) ?? ((user == User ? Mode >> 6 : groups.Contains(Group) ? Mode >> 3 : Mode) & 6) == 6);
}
