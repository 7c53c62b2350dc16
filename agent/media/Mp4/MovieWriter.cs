namespace ThatDam.Media.Mp4;

/// <summary>
/// Writes the <c>moov</c> of an ordinary file from the head of a fragmented one and its samples: whatever the head says stays, but for the
/// durations, the tables, and <c>mvex</c>. What is shown first is shown at 0.
/// </summary>
/// <param name="movie">The head.</param>
/// <param name="indexes">The samples, by track number.</param>
internal sealed class MovieWriter(MovieHead movie, IReadOnlyDictionary<uint, SampleIndex> indexes)
{
    /// <summary>Writes it.</summary>
    public void Write(BoxWriter to)
    {
        var duration = movie.Tracks.Max(Length);
        to.Begin(BoxType.Moov);
        foreach (var child in movie.Box)
        {
            if (child.Type == BoxType.Mvhd)
                TimeBox.Write(to, child, (ulong)duration);
            else if (child.Type == BoxType.Trak)
                Track(to, child);
            else if (child.Type != BoxType.Mvex)
                to.Bytes(child.Whole);
        }
        to.End();
        to.Flush();
    }

    private void Track(BoxWriter to, BoxSpan trak)
    {
        var id = TimeBox.Of(trak.Child(BoxType.Tkhd)).TrackId;
        var track = movie.Tracks.First(track => track.Id == id);
        var edits = Edits(track);
        to.Begin(BoxType.Trak);
        foreach (var child in trak)
        {
            if (child.Type == BoxType.Tkhd)
            {
                TimeBox.Write(to, child, (ulong)Length(track));
                EditList(to, edits);
            }
            else if (child.Type == BoxType.Mdia)
                Media(to, child, indexes[id]);
            else if (child.Type != BoxType.Edts)
                to.Bytes(child.Whole);
        }
        to.End();
    }

    private static void Media(BoxWriter to, BoxSpan mdia, SampleIndex index)
    {
        to.Begin(BoxType.Mdia);
        foreach (var child in mdia)
        {
            if (child.Type == BoxType.Mdhd)
                TimeBox.Write(to, child, (ulong)index.Duration);
            else if (child.Type == BoxType.Minf)
            {
                to.Begin(BoxType.Minf);
                foreach (var part in child)
                {
                    if (part.Type != BoxType.Stbl)
                    {
                        to.Bytes(part.Whole);
                        continue;
                    }
                    to.Begin(BoxType.Stbl);
                    to.Bytes(part.Child(BoxType.Stsd).Whole);
                    new SampleTables(to, index).Write();
                    to.End();
                }
                to.End();
            }
            else
                to.Bytes(child.Whole);
        }
        to.End();
    }

    private static void EditList(BoxWriter to, List<Edit> edits)
    {
        if (edits.Count == 0)
            return;
        var wide = edits.Any(edit => edit.Duration > uint.MaxValue || edit.Media > int.MaxValue);
        to.Begin(BoxType.Edts);
        to.Begin(BoxType.Elst, (byte)(wide ? 1 : 0), 0);
        to.U32((uint)edits.Count);
        foreach (var edit in edits)
        {
            to.Wide(wide, (ulong)edit.Duration);
            to.Wide(wide, (ulong)edit.Media);
            to.U32(edit.Rate);
        }
        to.End();
        to.End();
    }

    // What is shown first is shown at 0, of whichever track, and each track as much later as it was in the fragments.
    private List<Edit> Edits(TrackHead track)
    {
        var index = indexes[track.Id];
        if (index.Count == 0)
            return [];
        var late = Begins(track) - movie.Tracks.Where(other => indexes[other.Id].Count > 0).Min(Begins);
        var from = From(track);
        if (late == 0 && from == 0)
            return [];
        var edits = new List<Edit>();
        if (late > 0)
            edits.Add(new Edit(late, -1, Edit.Normal));
        edits.Add(new Edit(InMovie(track, Math.Max(0, index.ShownUntil - from)), from, Edit.Normal));
        return edits;
    }

    // What of the track the head's edit list leaves out, such as the priming of AAC. In units of the track's timescale.
    private static long LeftOut(TrackHead track) => track.Edits.FirstOrDefault(edit => edit.Media >= 0) is { Rate: > 0 } shown ? shown.Media : 0;

    // Where in the tables what is shown begins.
    private long From(TrackHead track)
    {
        var index = indexes[track.Id];
        return Math.Max(Math.Max(0, index.ShownFrom), LeftOut(track) - index.Begin);
    }

    // When that is shown, by the fragments and the head's edit list. In units of the movie's timescale.
    private long Begins(TrackHead track) =>
        track.Edits.TakeWhile(edit => edit.Media < 0).Sum(edit => edit.Duration) + InMovie(track, Math.Max(0, indexes[track.Id].Begin + From(track) - LeftOut(track)));

    private long Length(TrackHead track) => Edits(track) is { Count: > 0 } edits ? edits.Sum(edit => edit.Duration) : InMovie(track, indexes[track.Id].Duration);

    // Rounded up, so that nothing at the end is left out.
    private long InMovie(TrackHead track, long units) => (long)Int128.Max(0, (((Int128)units * movie.Timescale) + track.Timescale - 1) / track.Timescale);
}
