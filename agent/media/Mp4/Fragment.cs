namespace ThatDam.Media.Mp4;

/// <summary>
/// One fragment's samples: a <c>moof</c> read (ISO/IEC 14496-12, 8.8.4 to 8.8.12). Nothing of it is taken before all of it was found sound and
/// its media to be in the file.
/// </summary>
internal sealed class Fragment
{
    private const uint HasBase = 0x1, HasDescription = 0x2, HasDuration = 0x8, HasSize = 0x10, HasFlags = 0x20, IsEmpty = 0x10000, BaseIsMoof = 0x20000;
    private const uint RunOffset = 0x1, RunFirstFlags = 0x4, RunDurations = 0x100, RunSizes = 0x200, RunFlags = 0x400, RunOffsets = 0x800;
    private const uint NotSync = 0x10000;

    private const int MostAlike = 1 << 20;

    private readonly List<TrackRun> _runs = [];
    private long _alike; // samples so far of which the fragment says nothing one by one

    /// <summary>Reads one.</summary>
    /// <param name="moof">The whole box.</param>
    /// <param name="at">Where it stands in the file.</param>
    /// <param name="movie">The file's head.</param>
    /// <exception cref="Mp4Exception">It is damaged.</exception>
    public Fragment(ReadOnlySpan<byte> moof, long at, MovieHead movie)
    {
        var next = at; // the end of the track fragment's media before
        foreach (var child in BoxSpan.First(moof))
        {
            if (child.Type == BoxType.Traf)
                next = ReadTrack(child, at, next, movie);
        }
        MediaEnd = _runs.Count > 0 ? _runs.Max(run => run.Offset + run.Samples.Sum(sample => (long)sample.Size)) : at;
        if (_runs.Any(run => run.Offset < 0))
            throw new Mp4Exception("its media would begin before the file");
    }

    /// <summary>The end of its media in the file.</summary>
    public long MediaEnd { get; }

    /// <summary>Samples that lie one behind the other, in the order of the box.</summary>
    public IReadOnlyList<TrackRun> Runs => _runs;

    private long ReadTrack(BoxSpan traf, long at, long next, MovieHead movie)
    {
        var head = traf.Child(BoxType.Tfhd);
        var fields = new SpanReader(head.Body, BoxType.Tfhd);
        var id = fields.U32();
        var track = movie.Tracks.FirstOrDefault(track => track.Id == id) ?? throw new Mp4Exception($"a fragment is of a track {id} that the head has not", isUnknownForm: true);
        var has = head.Flags;
        var start = (has & HasBase) != 0 ? checked((long)Math.Min(fields.U64(), long.MaxValue / 2)) : (has & BaseIsMoof) != 0 ? at : next;
        var description = (has & HasDescription) != 0 ? fields.U32() : track.Description;
        var defaults = new Sample(
            Duration: (has & HasDuration) != 0 ? fields.U32() : track.Duration,
            Size: (has & HasSize) != 0 ? fields.U32() : track.Size,
            Offset: 0,
            IsSync: (((has & HasFlags) != 0 ? fields.U32() : track.Flags) & NotSync) == 0);
        if (description != 1)
            throw new Mp4Exception($"track {id} changes its sample description", isUnknownForm: true);
        if (traf.TryChild(BoxType.Senc, out _))
            throw new Mp4Exception("it is encrypted", isUnknownForm: true);
        var decoded = traf.TryChild(BoxType.Tfdt, out var time) ? (long)Math.Min(new SpanReader(time.Body, BoxType.Tfdt).Wide(time.Version), long.MaxValue / 2) : (long?)null;
        var place = start;
        foreach (var child in traf)
        {
            if (child.Type != BoxType.Trun || (has & IsEmpty) != 0)
                continue;
            var run = ReadRun(child, start, ref place, ref _alike, defaults);
            if (run.Samples.Count > 0)
                _runs.Add(run with { Track = track, Decoded = decoded });
            decoded = null; // the next run goes on
        }
        return place;
    }

    private static TrackRun ReadRun(BoxSpan trun, long start, ref long place, ref long told, Sample defaults)
    {
        var has = trun.Flags;
        var fields = new SpanReader(trun.Body, BoxType.Trun);
        var count = fields.U32();
        if ((has & RunOffset) != 0)
            place = start + fields.S32();
        var first = (has & RunFirstFlags) != 0 ? fields.U32() : (uint?)null;
        var each = 4 * System.Numerics.BitOperations.PopCount(has & (RunDurations | RunSizes | RunFlags | RunOffsets));
        // A run that says nothing of each sample would be as long as it likes to be.
        if (count > (each > 0 ? fields.Rest.Length / each : MostAlike))
            throw new Mp4Exception($"a run of {count} samples is longer than its box");
        if ((has & RunSizes) == 0 && defaults.Size == 0 && count > 0)
            throw new Mp4Exception($"a run of {count} samples without a byte");
        told += each > 0 ? 0 : count;
        if (told > MostAlike)
            throw new Mp4Exception($"runs of {told} samples of which nothing is said");
        var samples = new List<Sample>((int)count);
        var from = place;
        for (uint i = 0; i < count; i++)
        {
            var sample = new Sample(
                Duration: (has & RunDurations) != 0 ? fields.U32() : defaults.Duration,
                Size: (has & RunSizes) != 0 ? fields.U32() : defaults.Size,
                IsSync: (has & RunFlags) != 0 ? (fields.U32() & NotSync) == 0 : i == 0 && first is { } flags ? (flags & NotSync) == 0 : defaults.IsSync,
                Offset: (has & RunOffsets) != 0 ? fields.S32() : 0);
            samples.Add(sample);
            place += sample.Size;
        }
        return new TrackRun(null!, null, from, samples);
    }
}

/// <summary>Samples of one track that lie one behind the other in the file.</summary>
/// <param name="Track">The track.</param>
/// <param name="Decoded">When the first one is decoded, in units of the track's timescale; null: when the one before it has ended.</param>
/// <param name="Offset">Where the first one begins in the file.</param>
/// <param name="Samples">They.</param>
internal sealed record TrackRun(TrackHead Track, long? Decoded, long Offset, IReadOnlyList<Sample> Samples);
