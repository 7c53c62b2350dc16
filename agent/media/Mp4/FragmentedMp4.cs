using System.Buffers.Binary;
using ThatDam.Native.Files;

namespace ThatDam.Media.Mp4;

/// <summary>
/// A fragmented MP4 (ISO/IEC 14496-12) that becomes an ordinary one in its place. The media stays where it is: the index of all samples is
/// written behind it and synced; then the first 16 bytes of the old <c>moov</c> become, in one write, the head of an <c>mdat</c> over everything up
/// to the new one. Before that write the file is fragmented, after it ordinary, and playable in both.
/// </summary>
public sealed class FragmentedMp4
{
    private const int MaxHeadBytes = 64 * 1024 * 1024;
    private const int PatchBytes = 16;

    private readonly FileDescriptor _file;
    private readonly Func<FileDescriptor> _side;
    private readonly Dictionary<uint, SampleIndex> _indexes = [];
    private MovieHead? _movie;
    private long _moovAt;
    private long _next; // the first box that was not looked at
    private Fragment? _awaited; // its media is not whole yet
    private bool _unknownForm;

    /// <param name="file">The file, open for reading, and for writing where it is to be finalised. The caller's.</param>
    /// <param name="side">Makes a file for one track's index, 16 bytes a sample; the caller's too.</param>
    public FragmentedMp4(FileDescriptor file, Func<FileDescriptor> side) => (_file, _side) = (file, side);

    /// <summary>Samples in whole fragments, of the video; where there is none, of all tracks.</summary>
    public long Samples => _movie is null ? 0 : Pictures(_movie).Sum(track => _indexes[track.Id].Count);

    /// <summary>The longest track; nothing before there is a sample.</summary>
    public TimeSpan Duration => _movie is null ? TimeSpan.Zero : _movie.Tracks.Max(track => TimeSpan.FromSeconds((double)_indexes[track.Id].Duration / track.Timescale));

    /// <summary>The end of the last whole fragment. Bytes.</summary>
    public long WholeBytes { get; private set; }

    /// <summary>Whether what was read so far is the head and one or more fragments, all of a form that is known.</summary>
    public bool HasFragments => !_unknownForm && WholeBytes > 0 && Samples > 0;

    /// <summary>Reads on, in what of the file is written: heads of boxes only, and each fragment's index.</summary>
    /// <param name="length">Bytes of the file that are written.</param>
    /// <exception cref="Mp4Exception">It is no fragmented MP4, or damaged there.</exception>
    /// <exception cref="Native.Errors.NativeException">The file or the side file: EIO, ENOSPC.</exception>
    public void Follow(long length)
    {
        try
        {
            FollowBoxes(length);
        }
        catch (Mp4Exception e)
        {
            _unknownForm |= e.IsUnknownForm;
            throw;
        }
    }

    private void FollowBoxes(long length)
    {
        while (true)
        {
            if (_awaited is { } awaited)
            {
                if (awaited.MediaEnd > length)
                    return;
                Take(awaited);
                _awaited = null;
            }
            if (BoxHead.Read(_file, _next, length) is not { } box)
            {
                if (length - _next >= PatchBytes)
                    throw new Mp4Exception($"there is no box at byte {_next}");
                return;
            }
            if (_next == 0 && box.Type != BoxType.Ftyp && box.Type != BoxType.Moov)
                throw new Mp4Exception($"it begins with {box.Type}, where an MP4 begins with ftyp");
            if (box.Type == BoxType.Mdat && _movie is null)
                throw new Mp4Exception("its media comes before its moov: it is not fragmented");
            var isRead = box.Type == BoxType.Moov || box.Type == BoxType.Moof;
            if (isRead && box.End > length)
                return;
            if (isRead)
                Read(box);
            // The media of a fragment is looked at by the places that its index names: mdat itself may still be growing.
            _next = box.End;
        }
    }

    /// <summary>
    /// Makes it an ordinary file: writes the index behind all that is there, syncs, and puts it in force. Nothing is cut: what follows the last whole
    /// fragment stays, and does not play.
    /// </summary>
    /// <returns>The file's length.</returns>
    /// <exception cref="Mp4Exception">There is no whole fragment, or the index would be too long.</exception>
    /// <exception cref="Native.Errors.NativeException">
    /// ENOSPC, EIO while the index is written: the file is as it was. EIO when that is put in force: it is fragmented or ordinary, and plays.
    /// </exception>
    public long Finalise()
    {
        if (!HasFragments)
            throw new Mp4Exception("it holds no whole fragment");
        var mediaEnd = _file.Length;
        var to = new BoxWriter(_file, mediaEnd);
        try
        {
            new MovieWriter(_movie!, _indexes).Write(to);
            _file.DataSync();
        }
        catch
        {
            _file.Truncate(mediaEnd);
            throw;
        }
        Span<byte> head = stackalloc byte[PatchBytes];
        BinaryPrimitives.WriteUInt32BigEndian(head, 1); // the length follows in 64 bits
        BinaryPrimitives.WriteUInt32BigEndian(head[4..], BoxType.Mdat.Code);
        BinaryPrimitives.WriteInt64BigEndian(head[8..], mediaEnd - _moovAt);
        _file.WriteAt(head, _moovAt);
        _file.DataSync();
        return to.Position;
    }

    private void Read(BoxHead box)
    {
        if (box.Length > MaxHeadBytes)
            throw new Mp4Exception($"its {box.Type} at byte {box.At} would have {box.Length} bytes");
        var bytes = new byte[box.Length];
        if (_file.ReadAt(bytes, box.At) < bytes.Length)
            throw new Mp4Exception($"its {box.Type} at byte {box.At} is cut off");
        try
        {
            if (box.Type == BoxType.Moof)
                _awaited = new Fragment(bytes, box.At, _movie ?? throw new Mp4Exception("it comes before moov"));
            else if (_movie is not null)
            {
                // Of a try before this one that was interrupted, or of a second recording behind the first.
                if (BoxSpan.First(bytes).TryChild(BoxType.Mvex, out _))
                    throw new Mp4Exception("it is a second head: several files were put one behind the other", isUnknownForm: true);
            }
            else
            {
                (_movie, _moovAt) = (new MovieHead(bytes), box.At);
                foreach (var track in _movie.Tracks)
                    _indexes[track.Id] = new SampleIndex(_side());
            }
        }
        catch (Mp4Exception e)
        {
            throw new Mp4Exception($"{box.Type} at byte {box.At}: {e.Message}", e.IsUnknownForm);
        }
    }

    private static IEnumerable<TrackHead> Pictures(MovieHead movie) => movie.Tracks.Any(track => track.IsVideo) ? movie.Tracks.Where(track => track.IsVideo) : movie.Tracks;

    private void Take(Fragment fragment)
    {
        foreach (var run in fragment.Runs)
            _indexes[run.Track.Id].Add(run);
        WholeBytes = Math.Max(WholeBytes, fragment.MediaEnd);
    }
}
