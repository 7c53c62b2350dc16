namespace ThatDam.Media.Mp4;

/// <summary>Writes the tables of a track's samples, as a file without fragments has them (ISO/IEC 14496-12, 8.6 and 8.7).</summary>
/// <param name="to">The file.</param>
/// <param name="index">The samples.</param>
internal readonly struct SampleTables(BoxWriter to, SampleIndex index)
{
    /// <summary>All of them.</summary>
    public void Write()
    {
        Runs(BoxType.Stts, 0, index.Read().Select(sample => sample.Duration));
        if (index.HasOffsets)
            Runs(BoxType.Ctts, (byte)(index.HasNegativeOffsets ? 1 : 0), index.Read().Select(sample => (uint)sample.Offset));
        if (index.Syncs < index.Count)
            Syncs();
        Chunks();
        Sizes();
        Places();
    }

    // Pairs of how often and what.
    private void Runs(BoxType type, byte version, IEnumerable<uint> values)
    {
        to.Begin(type, version, 0);
        to.U32(values.Aggregate((Last: (uint?)null, Count: 0u), (so, value) => so.Last == value ? so : (value, so.Count + 1)).Count);
        uint? last = null;
        uint times = 0;
        foreach (var value in values)
        {
            if (value != last && last is { } ended)
            {
                to.U32(times);
                to.U32(ended);
                times = 0;
            }
            last = value;
            times++;
        }
        if (last is { } rest)
        {
            to.U32(times);
            to.U32(rest);
        }
        to.End();
    }

    private void Syncs()
    {
        to.Begin(BoxType.Stss, 0, 0);
        to.U32((uint)index.Syncs);
        uint number = 0;
        foreach (var sample in index.Read())
        {
            number++;
            if (sample.IsSync)
                to.U32(number);
        }
        to.End();
    }

    // How many samples each chunk has, told where that changes.
    private void Chunks()
    {
        var chunks = index.Chunks;
        var changes = Enumerable.Range(0, chunks.Count).Where(i => i == 0 || chunks[i].Samples != chunks[i - 1].Samples);
        to.Begin(BoxType.Stsc, 0, 0);
        to.U32((uint)changes.Count());
        foreach (var i in changes)
        {
            to.U32((uint)i + 1);
            to.U32((uint)chunks[i].Samples);
            to.U32(1); // the sample description
        }
        to.End();
    }

    private void Sizes()
    {
        to.Begin(BoxType.Stsz, 0, 0);
        to.U32(index.CommonSize);
        to.U32((uint)index.Count);
        if (index.CommonSize == 0)
        {
            foreach (var sample in index.Read())
                to.U32(sample.Size);
        }
        to.End();
    }

    private void Places()
    {
        var wide = index.Chunks.Any(chunk => chunk.Offset > uint.MaxValue);
        to.Begin(wide ? BoxType.Co64 : BoxType.Stco, 0, 0);
        to.U32((uint)index.Chunks.Count);
        foreach (var (offset, _) in index.Chunks)
            to.Wide(wide, (ulong)offset);
        to.End();
    }
}
