using System.Buffers.Binary;
using ThatDam.Media.Mp4;
using ThatDam.Native.Files;

namespace ThatDam.Agent.Recording;

/// <summary>
/// Counts the frames that a file really holds, from its own structure: whole fragments of MP4 (ISO/IEC 14496-12: moof, traf, trun) or the index of
/// one that is final, blocks of Matroska (RFC 9559). What a crash or a full disk cut off is not counted. Reads headers only.
/// </summary>
internal static class WrittenFrames
{
    private const int MaxMoofBytes = 16 * 1024 * 1024;

    /// <summary>Frames in a file of that container, <c>mp4</c> or <c>mkv</c>.</summary>
    public static long Count(FileDescriptor file, string container) => container == "mp4" ? CountMp4(file) : CountMatroska(file);

    private static long CountMp4(FileDescriptor file)
    {
        var length = file.Length;
        Span<byte> head = stackalloc byte[16];
        long count = 0, pending = 0;
        for (long at = 0; at + 8 <= length;)
        {
            var got = file.ReadAt(head, at);
            long size = BinaryPrimitives.ReadUInt32BigEndian(head);
            if (size == 1 && got == 16)
                size = (long)BinaryPrimitives.ReadUInt64BigEndian(head[8..]);
            if (size < 8 || size > length - at)
                break;
            if (head.Slice(4, 4).SequenceEqual("moof"u8) && size <= MaxMoofBytes)
            {
                var moof = new byte[size - 8];
                file.ReadAt(moof, at + 8);
                pending = Samples(moof);
            }
            else if (head.Slice(4, 4).SequenceEqual("mdat"u8))
            {
                count += pending;
                pending = 0;
            }
            at += size;
        }
        return count > 0 ? count : OrdinaryMp4.Samples(file) ?? 0;
    }

    private static long Samples(ReadOnlySpan<byte> boxes)
    {
        long count = 0;
        while (boxes.Length >= 8)
        {
            var size = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(boxes), (uint)boxes.Length);
            if (size < 8)
                break;
            var type = boxes.Slice(4, 4);
            if (type.SequenceEqual("traf"u8))
                count += Samples(boxes[8..size]);
            else if (type.SequenceEqual("trun"u8) && size >= 16)
                count += BinaryPrimitives.ReadUInt32BigEndian(boxes[12..]); // after version and flags
            boxes = boxes[size..];
        }
        return count;
    }

    // Element ids of Matroska.
    private const ulong Segment = 0x18538067;
    private const ulong Cluster = 0x1F43B675;
    private const ulong BlockGroup = 0xA0;
    private const ulong SimpleBlock = 0xA3;

    private static long CountMatroska(FileDescriptor file)
    {
        var length = file.Length;
        Span<byte> head = stackalloc byte[16];
        long count = 0;
        for (long at = 0; at + 2 <= length;)
        {
            var got = head[..file.ReadAt(head, at)];
            var idBytes = VintLength(got);
            if (idBytes == 0 || got.Length < idBytes + 1)
                break;
            var id = Vint(got[..idBytes], keepMarker: true);
            var sizeBytes = VintLength(got[idBytes..]);
            if (sizeBytes == 0 || got.Length < idBytes + sizeBytes)
                break;
            var size = Vint(got.Slice(idBytes, sizeBytes), keepMarker: false);
            at += idBytes + sizeBytes;
            if (id is Segment or Cluster)
                continue; // their children follow, whether or not their size is known
            if (size > (ulong)(length - at))
                break;
            if (id is SimpleBlock or BlockGroup)
                count++;
            at += (long)size;
        }
        return count;
    }

    private static int VintLength(ReadOnlySpan<byte> bytes) => bytes.IsEmpty || bytes[0] == 0 ? 0 : System.Numerics.BitOperations.LeadingZeroCount((uint)bytes[0]) - 23;

    private static ulong Vint(ReadOnlySpan<byte> bytes, bool keepMarker)
    {
        var value = keepMarker ? bytes[0] : (ulong)(bytes[0] & ((0x80 >> (bytes.Length - 1)) - 1));
        foreach (var next in bytes[1..])
            value = (value << 8) | next;
        return value;
    }
}
