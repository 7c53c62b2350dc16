namespace ThatDam.Media.Mp4;

/// <summary>The <c>moov</c> of a fragmented file: its tracks, and what a fragment says nothing of.</summary>
internal sealed class MovieHead
{
    private readonly byte[] _moov;

    /// <param name="moov">The whole box.</param>
    /// <exception cref="Mp4Exception">It is damaged, or of a file that has no fragments.</exception>
    public MovieHead(byte[] moov)
    {
        _moov = moov;
        var box = Box;
        if (!box.TryChild(BoxType.Mvex, out var extends))
            throw new Mp4Exception("it is not fragmented: its moov has no mvex");
        Timescale = TimeBox.Of(box.Child(BoxType.Mvhd)).Timescale;
        var tracks = new List<TrackHead>();
        foreach (var child in box)
        {
            if (child.Type == BoxType.Trak)
                tracks.Add(new TrackHead(child, extends));
        }
        Tracks = tracks.Count > 0 ? tracks : throw new Mp4Exception("its moov has no track");
        if (tracks.Select(track => track.Id).Distinct().Count() < tracks.Count)
            throw new Mp4Exception("two of its tracks have one number");
    }

    /// <summary>The box.</summary>
    public BoxSpan Box => BoxSpan.First(_moov);

    /// <summary>Of the durations of the movie and of edits, a second.</summary>
    public uint Timescale { get; }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<TrackHead> Tracks { get; }
}
