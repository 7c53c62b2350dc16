using System.Buffers.Binary;
using ThatDam.Native.Files;

namespace ThatDam.Media.Mp4;

/// <summary>A box in a file, by its head (ISO/IEC 14496-12, 4.2).</summary>
/// <param name="Type">What it is.</param>
/// <param name="At">Where it begins.</param>
/// <param name="HeadBytes">8, or 16 where its length is told in 64 bits.</param>
/// <param name="Length">Head and content, bytes.</param>
internal readonly record struct BoxHead(BoxType Type, long At, int HeadBytes, long Length)
{
    /// <summary>The place after it.</summary>
    public long End => At + Length;

    /// <summary>Reads one. Null where what is there is none: the bytes end, or say less than a head's length.</summary>
    /// <param name="file">The file.</param>
    /// <param name="at">Where.</param>
    /// <param name="end">Bytes of the file that are looked at. The box may be longer: it is not whole then.</param>
    public static BoxHead? Read(FileDescriptor file, long at, long end)
    {
        Span<byte> head = stackalloc byte[16];
        var got = file.ReadAt(head[..(int)Math.Clamp(end - at, 0, 16)], at);
        if (got < 8)
            return null;
        var type = new BoxType(BinaryPrimitives.ReadUInt32BigEndian(head[4..]));
        var length = BinaryPrimitives.ReadUInt32BigEndian(head);
        return length switch
        {
            0 => new BoxHead(type, at, 8, Math.Max(8, file.Length - at)), // to the end of the file
            1 when got < 16 => null,
            1 => BinaryPrimitives.ReadUInt64BigEndian(head[8..]) is >= 16 and <= long.MaxValue / 2 and var large ? new BoxHead(type, at, 16, (long)large) : null,
            < 8 => null,
            _ => new BoxHead(type, at, 8, length),
        };
    }
}
