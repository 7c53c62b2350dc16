using System.Buffers.Binary;

namespace ThatDam.Media.Mp4;

/// <summary>A track as the head of a fragmented file tells it.</summary>
internal sealed class TrackHead
{
    /// <param name="trak">Its box.</param>
    /// <param name="extends">The movie's <c>mvex</c>.</param>
    public TrackHead(BoxSpan trak, BoxSpan extends)
    {
        Id = TimeBox.Of(trak.Child(BoxType.Tkhd)).TrackId;
        var mdia = trak.Child(BoxType.Mdia);
        Timescale = TimeBox.Of(mdia.Child(BoxType.Mdhd)).Timescale;
        // After a reserved number.
        IsVideo = mdia.TryChild(BoxType.Hdlr, out var handler) && handler.Body.Length >= 8 && new BoxType(BinaryPrimitives.ReadUInt32BigEndian(handler.Body[4..])) == BoxType.Vide;
        var tables = mdia.Child(BoxType.Minf).Child(BoxType.Stbl);
        MustBeKnown(tables);
        if (Timescale == 0)
            throw new Mp4Exception($"track {Id} has no timescale");
        Edits = trak.TryChild(BoxType.Edts, out var edits) && edits.TryChild(BoxType.Elst, out var list) ? EditList(list) : [];
        foreach (var child in extends)
        {
            if (child.Type != BoxType.Trex)
                continue;
            var fields = new SpanReader(child.Body, BoxType.Trex);
            if (fields.U32() == Id)
                (Description, Duration, Size, Flags) = (fields.U32(), fields.U32(), fields.U32(), fields.U32());
        }
    }

    /// <summary>Whether it is video.</summary>
    public bool IsVideo { get; }

    /// <summary>Its number.</summary>
    public uint Id { get; }

    /// <summary>Of its durations, a second.</summary>
    public uint Timescale { get; }

    /// <summary>Its edit list; empty when it has none.</summary>
    public IReadOnlyList<Edit> Edits { get; }

    /// <summary>A fragment's sample description, where it names none.</summary>
    public uint Description { get; } = 1;

    /// <summary>A sample's duration, where a fragment names none.</summary>
    public uint Duration { get; }

    /// <summary>A sample's bytes, where a fragment names none.</summary>
    public uint Size { get; }

    /// <summary>A sample's flags, where a fragment names none.</summary>
    public uint Flags { get; }

    private static void MustBeKnown(BoxSpan tables)
    {
        if (tables.TryChild(BoxType.Stsz, out var sizes) && sizes.Body.Length >= 8 && BinaryPrimitives.ReadUInt32BigEndian(sizes.Body[4..]) > 0)
            throw new Mp4Exception("its first samples are in the head, and not in a fragment", isUnknownForm: true);
        var descriptions = tables.Child(BoxType.Stsd).Body;
        if (descriptions.Length < 12)
            throw new Mp4Exception("it describes no samples");
        if (new BoxType(BinaryPrimitives.ReadUInt32BigEndian(descriptions[8..])) is var format && (format == BoxType.Encv || format == BoxType.Enca))
            throw new Mp4Exception("it is encrypted", isUnknownForm: true);
    }

    private static List<Edit> EditList(BoxSpan list)
    {
        const uint Most = 64;
        var fields = new SpanReader(list.Body, BoxType.Elst);
        var count = fields.U32();
        if (count > Most)
            throw new Mp4Exception($"an edit list of {count} entries", isUnknownForm: true);
        var edits = new List<Edit>();
        for (uint i = 0; i < count; i++)
        {
            var duration = fields.Wide(list.Version);
            var media = list.Version == 0 ? fields.S32() : fields.S64();
            edits.Add(new Edit((long)Math.Min(duration, 1UL << 53), media, fields.U32()));
        }
        return edits;
    }
}

/// <summary>An entry of an edit list (ISO/IEC 14496-12, 8.6.6).</summary>
/// <param name="Duration">In units of the movie's timescale.</param>
/// <param name="Media">Where in the track it begins, in units of the track's timescale; -1: nothing is shown.</param>
/// <param name="Rate">Of the media, 16.16.</param>
internal readonly record struct Edit(long Duration, long Media, uint Rate)
{
    /// <summary>The rate of media as it is.</summary>
    public const uint Normal = 0x10000;
}
