using System.Buffers.Binary;
using ThatDam.Native.Files;

namespace ThatDam.Media.Mp4;

/// <summary>
/// The samples of one track: in a side file, 16 bytes each, for a day of video has millions; and where they lie in the media, in memory, 16 bytes
/// a run. The last sample is held back: how long it lasts is known when the next one's time is.
/// </summary>
/// <param name="side">The side file; the caller's.</param>
internal sealed class SampleIndex(FileDescriptor side)
{
    private const int RecordBytes = 16;
    private const int FirstPresented = 64; // samples in which the one that is shown first is looked for

    private readonly List<(long Offset, int Samples)> _chunks = [];
    private readonly byte[] _buffer = new byte[RecordBytes * 1024];
    private int _used;
    private long _stored;
    private Sample? _last;
    private long _time; // of the next sample's decoding, by the durations so far
    private long _shownUntil; // of all but the last

    /// <summary>How many samples.</summary>
    public long Count { get; private set; }

    /// <summary>Of them, those where decoding can begin.</summary>
    public long Syncs { get; private set; }

    /// <summary>When the first sample is decoded, in units of the track's timescale.</summary>
    public long Begin { get; private set; }

    /// <summary>From the first sample's decoding to the last one's end, in units of the track's timescale.</summary>
    public long Duration => Count > 0 ? _time - Begin : 0;

    /// <summary>Whether any sample is presented at another time than it is decoded.</summary>
    public bool HasOffsets { get; private set; }

    /// <summary>Whether one is presented before it is decoded, by its numbers.</summary>
    public bool HasNegativeOffsets { get; private set; }

    /// <summary>When the sample that is shown first is shown, counted from <see cref="Begin"/>.</summary>
    public long ShownFrom { get; private set; } = long.MaxValue;

    /// <summary>When the sample that is shown last has been shown, counted from <see cref="Begin"/>.</summary>
    public long ShownUntil => Math.Max(_shownUntil, _last is { } last ? Duration + last.Offset : 0);

    /// <summary>The size that all samples have; 0: they differ.</summary>
    public uint CommonSize { get; private set; }

    /// <summary>Where runs of samples lie, and how many are in each.</summary>
    public IReadOnlyList<(long Offset, int Samples)> Chunks => _chunks;

    /// <summary>The next samples.</summary>
    /// <exception cref="Native.Errors.NativeException">The side file cannot be written.</exception>
    public void Add(TrackRun run)
    {
        if (Count == 0)
            (Begin, _time) = (run.Decoded ?? 0, run.Decoded ?? 0);
        else if (run.Decoded is { } decoded && _last is { } last)
        {
            // What the fragment before guessed of its last sample: until this one, if that is later.
            var until = _time - last.Duration;
            if (decoded >= until)
                (_last, _time) = (last with { Duration = (uint)Math.Min(decoded - until, uint.MaxValue) }, Math.Min(decoded, until + uint.MaxValue));
        }
        foreach (var sample in run.Samples)
        {
            if (_last is { } before)
            {
                Store(before);
                _shownUntil = Math.Max(_shownUntil, _time - Begin + before.Offset);
            }
            if (Count < FirstPresented)
                ShownFrom = Math.Min(ShownFrom, _time - Begin + sample.Offset);
            CommonSize = Count == 0 ? sample.Size : CommonSize == sample.Size ? CommonSize : 0;
            HasOffsets |= sample.Offset != 0;
            HasNegativeOffsets |= sample.Offset < 0;
            Syncs += sample.IsSync ? 1 : 0;
            _last = sample;
            _time += sample.Duration;
            Count++;
        }
        _chunks.Add((run.Offset, run.Samples.Count));
    }

    /// <summary>All of them, in their order.</summary>
    public IEnumerable<Sample> Read()
    {
        Flush();
        var buffer = new byte[_buffer.Length];
        for (long at = 0; at < _stored;)
        {
            var got = side.ReadAt(buffer.AsSpan(0, (int)Math.Min(buffer.Length, _stored - at)), at);
            if (got == 0)
                throw new Mp4Exception("the side file of its index was cut off");
            for (var i = 0; i < got; i += RecordBytes)
            {
                yield return new Sample(
                    BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(i)), BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(i + 4)),
                    BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(i + 8)), buffer[i + 12] != 0);
            }
            at += got;
        }
        if (_last is { } last)
            yield return last;
    }

    private void Store(Sample sample)
    {
        if (_used == _buffer.Length)
            Flush();
        var record = _buffer.AsSpan(_used, RecordBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(record, sample.Size);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], sample.Duration);
        BinaryPrimitives.WriteInt32LittleEndian(record[8..], sample.Offset);
        BinaryPrimitives.WriteUInt32LittleEndian(record[12..], sample.IsSync ? 1u : 0u);
        _used += RecordBytes;
    }

    private void Flush()
    {
        side.WriteAt(_buffer.AsSpan(0, _used), _stored);
        _stored += _used;
        _used = 0;
    }
}
