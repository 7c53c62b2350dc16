using ThatDam.Media;
using ThatDam.Media.Mp4;
using ThatDam.Native.Errors;
using ThatDam.Native.Files;

namespace ThatDam.Agent.Recording;

/// <summary>
/// Makes a recording's file an ordinary one at its end, so that editors take it: follows it while it is written, for then its fragments' heads are
/// still in memory, and what is left to do at the end is to write the index. Not for two threads at once.
/// </summary>
internal sealed class Finalisation : IDisposable
{
    private readonly FileDescriptor _file;
    private readonly string _container;
    private readonly string _sideDirectory;
    private readonly List<FileDescriptor> _sides = [];
    private FragmentedMp4? _mp4;
    private bool _lost;

    /// <param name="file">The file, open for reading and writing; the caller's.</param>
    /// <param name="container"><c>mp4</c> or <c>mkv</c>.</param>
    /// <param name="sideDirectory">Where the index lies meanwhile, 16 bytes a frame.</param>
    public Finalisation(FileDescriptor file, string container, string sideDirectory)
    {
        (_file, _container, _sideDirectory) = (file, container, sideDirectory);
        _mp4 = container == "mp4" ? Mp4() : null;
    }

    /// <summary>Frames in the file; those of whole fragments. Null: not counted, or the disk did not give them back.</summary>
    public long? Frames { get; private set; }

    /// <summary>Why the file is whole and yet stays fragmented: its index could not be kept, or it is of an unknown form. Null: it does not.</summary>
    public string? StaysFragmented { get; private set; }

    /// <summary>Reads on. Never fails: what cannot be followed is read from its beginning at the end.</summary>
    /// <param name="bytes">Bytes of the file that are written.</param>
    public void Follow(long bytes)
    {
        if (_lost || _mp4 is null)
            return;
        try
        {
            _mp4.Follow(bytes);
        }
        catch (Exception e) when (e is Mp4Exception or NativeException)
        {
            _lost = true;
        }
    }

    /// <summary>Counts the frames, and makes the file ordinary where that can be done. Where it cannot, the file plays as it is.</summary>
    /// <param name="disk">What the disk answered to what was written; null: it is all there.</param>
    /// <returns>What the disk answered to this; null: the file is final.</returns>
    public NativeException? Finish(NativeException? disk)
    {
        try
        {
            if (_mp4 is not null && ReadToEnd(_mp4) is { HasFragments: true } mp4)
            {
                Frames = mp4.Samples;
                // A disk that has failed is not asked again, as if it had not; a sync that failed least of all.
                if (disk is null)
                    mp4.Finalise();
            }
            else
            {
                Frames = WrittenFrames.Count(_file, _container);
            }
            return null;
        }
        catch (NativeException e) when (e.Target == _file.Name)
        {
            return e;
        }
        catch (Exception e) when (e is NativeException or Mp4Exception)
        {
            return WithoutIndex(e.Message);
        }
    }

    // The recording is all there; it is its index that could not be made.
    private NativeException? WithoutIndex(string why)
    {
        StaysFragmented = why;
        try
        {
            Frames = WrittenFrames.Count(_file, _container);
            return null;
        }
        catch (NativeException e)
        {
            return e;
        }
    }

    private FragmentedMp4 ReadToEnd(FragmentedMp4 mp4)
    {
        if (_lost)
        {
            Dispose();
            _mp4 = mp4 = Mp4();
        }
        try
        {
            mp4.Follow(_file.Length);
        }
        catch (Mp4Exception)
        {
            // What is whole before that counts.
        }
        return mp4;
    }

    private FragmentedMp4 Mp4() => new(_file, () =>
    {
        var side = SideFile.Create(_sideDirectory);
        _sides.Add(side);
        return side;
    });

    /// <summary>Gives the index back.</summary>
    public void Dispose()
    {
        foreach (var side in _sides)
            side.Dispose();
        _sides.Clear();
    }
}
