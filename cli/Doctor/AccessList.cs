using System.Buffers.Binary;

namespace ThatDam.Cli.Doctor;

/// <summary>The access list of a file that has more than its permission bits, by acl(5). Pure.</summary>
internal sealed class AccessList
{
    /// <summary>The extended attribute that holds it.</summary>
    public const string Attribute = "system.posix_acl_access";

    // <linux/posix_acl_xattr.h>, <linux/posix_acl.h>; little-endian on every machine.
    private const uint Version = 2;
    private const int HeaderBytes = 4;
    private const int EntryBytes = 8;
    private const int ReadAndWrite = 6;

    private readonly List<(Tag Tag, int Bits, uint Id)> _entries = [];

    private AccessList()
    {
    }

    private enum Tag
    {
        Owner = 0x01,
        User = 0x02,
        OwnerGroup = 0x04,
        Group = 0x08,
        Mask = 0x10,
        Other = 0x20,
    }

    /// <summary>Whether the file's own group may read and write it; the group's bits of the mode are the mask here, and say nothing of it.</summary>
    public bool LetsItsGroup => _entries.Exists(entry => entry.Tag == Tag.OwnerGroup && Open(entry.Bits & Mask));

    private int Mask => _entries.Find(entry => entry.Tag == Tag.Mask) is { Tag: Tag.Mask, Bits: var bits } ? bits : 7;

    /// <summary>Reads the attribute's bytes; null where they are none.</summary>
    public static AccessList? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Version)
            return null;
        var list = new AccessList();
        for (bytes = bytes[HeaderBytes..]; bytes.Length >= EntryBytes; bytes = bytes[EntryBytes..])
            list._entries.Add(((Tag)BinaryPrimitives.ReadUInt16LittleEndian(bytes), BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..])));
        return list;
    }

    /// <summary>Whether a process of these ids may read and write the file.</summary>
    /// <param name="owner">The file's owner.</param>
    /// <param name="group">The file's group.</param>
    /// <param name="user">The process's user.</param>
    /// <param name="groups">The process's groups.</param>
    public bool Opens(uint owner, uint group, uint user, IReadOnlyCollection<uint> groups)
    {
        // The first that names the process decides; of its groups, any one that lets it in.
        if (user == owner)
            return _entries.Exists(entry => entry.Tag == Tag.Owner && Open(entry.Bits));
        if (_entries.FindIndex(entry => entry.Tag == Tag.User && entry.Id == user) is >= 0 and var named)
            return Open(_entries[named].Bits & Mask);
        List<(Tag Tag, int Bits, uint Id)> mine = _entries.FindAll(entry =>
            (entry.Tag == Tag.OwnerGroup && groups.Contains(group)) || (entry.Tag == Tag.Group && groups.Contains(entry.Id)));
        return mine.Count > 0 ? mine.Exists(entry => Open(entry.Bits & Mask)) : _entries.Exists(entry => entry.Tag == Tag.Other && Open(entry.Bits));
    }

    private static bool Open(int bits) => (bits & ReadAndWrite) == ReadAndWrite;
}
