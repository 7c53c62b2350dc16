namespace ThatDam.Media.Mp4;

/// <summary>The fields about time of <c>mvhd</c>, <c>tkhd</c> and <c>mdhd</c>, which differ by version and are else alike (ISO/IEC 14496-12, 8.2.2, 8.3.2, 8.4.2).</summary>
/// <param name="Created">Seconds since 1904.</param>
/// <param name="Modified">Seconds since 1904.</param>
/// <param name="Number">The timescale; of a <c>tkhd</c> the track.</param>
internal readonly record struct TimeBox(ulong Created, ulong Modified, uint Number)
{
    /// <summary>Of a <c>mvhd</c> or <c>mdhd</c>.</summary>
    public uint Timescale => Number;

    /// <summary>Of a <c>tkhd</c>.</summary>
    public uint TrackId => Number;

    /// <summary>Reads one.</summary>
    public static TimeBox Of(BoxSpan box)
    {
        var fields = new SpanReader(box.Body, box.Type);
        return new TimeBox(fields.Wide(box.Version), fields.Wide(box.Version), fields.U32());
    }

    /// <summary>Writes the same box with another duration, in 64 bits where it needs them.</summary>
    public static void Write(BoxWriter to, BoxSpan box, ulong duration)
    {
        var fields = new SpanReader(box.Body, box.Type);
        var (created, modified, number) = (fields.Wide(box.Version), fields.Wide(box.Version), fields.U32());
        var ofTrack = box.Type == BoxType.Tkhd;
        if (ofTrack)
            fields.U32(); // reserved
        fields.Wide(box.Version);

        // All bits set mean "not known".
        var wide = duration >= uint.MaxValue || created > uint.MaxValue || modified > uint.MaxValue;
        to.Begin(box.Type, (byte)(wide ? 1 : 0), box.Flags);
        to.Wide(wide, created);
        to.Wide(wide, modified);
        to.U32(number);
        if (ofTrack)
            to.U32(0);
        to.Wide(wide, duration);
        to.Bytes(fields.Rest);
        to.End();
    }
}
