using System.Buffers.Binary;
using ThatDam.Native.Files;

namespace ThatDam.Media.Mp4;

/// <summary>An MP4 whose index is one <c>moov</c>, as a finalised recording is.</summary>
public static class OrdinaryMp4
{
    /// <summary>Samples of all its tracks; null: it is no such file. Reads heads of boxes only.</summary>
    /// <param name="file">The file, open for reading.</param>
    public static long? Samples(FileDescriptor file)
    {
        var length = file.Length;
        for (long at = 0; BoxHead.Read(file, at, length) is { } box && box.End <= length; at = box.End)
        {
            if (box.Type == BoxType.Moov)
                return Children(file, box).Any(child => child.Type == BoxType.Mvex)
                    ? null
                    : Children(file, box).Where(child => child.Type == BoxType.Trak).Sum(track => SamplesOf(file, track));
        }
        return null;
    }

    private static long SamplesOf(FileDescriptor file, BoxHead track)
    {
        var box = track;
        foreach (var type in (BoxType[])[BoxType.Mdia, BoxType.Minf, BoxType.Stbl, BoxType.Stsz])
        {
            box = Children(file, box).FirstOrDefault(child => child.Type == type);
            if (box.Type != type)
                return 0;
        }
        Span<byte> count = stackalloc byte[4];
        // After version and flags, and the size that all have.
        return file.ReadAt(count, box.At + box.HeadBytes + 8) == 4 ? BinaryPrimitives.ReadUInt32BigEndian(count) : 0;
    }

    private static IEnumerable<BoxHead> Children(FileDescriptor file, BoxHead box)
    {
        for (var at = box.At + box.HeadBytes; BoxHead.Read(file, at, box.End) is { } child && child.End <= box.End; at = child.End)
            yield return child;
    }
}
