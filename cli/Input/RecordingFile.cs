using ThatDam.Contract;
using ThatDam.Media;
using ThatDam.Media.Mp4;
using ThatDam.Native.Errors;
using ThatDam.Native.Files;

namespace ThatDam.Cli.Input;

/// <summary>A file that a recording left, by whatever program.</summary>
internal static class RecordingFile
{
    /// <summary>Makes it final in its place.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="FailureException">It is missing, denied, being written, no fragmented MP4, or the disk is full or fails.</exception>
    public static RepairedFile Repair(string path)
    {
        try
        {
            using FileDescriptor file = Open(path);
            if (!file.TryLock() || file.IsOpenElsewhere())
                throw new FailureException(ExitCode.Conflict, $"{path}: another program has it open", "stop what writes or plays it first (fuser -v names it); the stop of its recording makes it final");
            return OrdinaryMp4.Samples(file) is { } samples
                ? new RepairedFile(path, WasFinal: true, samples, DurationS: null, file.Length, UnplayedBytes: 0, Damage: null)
                : Finalise(path, file);
        }
        catch (Mp4Exception e)
        {
            throw new FailureException(ExitCode.Failure, $"{path}: {e.Message}", "the file was not changed; ffmpeg -i FILE -c copy NEW.mp4 may read it");
        }
        catch (NativeException e) when (e.Target.StartsWith(Path.GetTempPath(), StringComparison.Ordinal) && Path.GetFileName(e.Target).StartsWith(".index-", StringComparison.Ordinal))
        {
            throw new FailureException(ExitCode.Failure, $"{path}: its index cannot be kept in {Path.GetTempPath()}: {e.Reason}", "name another directory by TMPDIR=");
        }
        catch (NativeException e)
        {
            throw Failure(path, e);
        }
    }

    private static RepairedFile Finalise(string path, FileDescriptor file)
    {
        List<FileDescriptor> sides = [];
        try
        {
            var mp4 = new FragmentedMp4(file, () =>
            {
                sides.Add(SideFile.Create(Path.GetTempPath()));
                return sides[^1];
            });
            long before = file.Length;
            string? damage = null;
            try
            {
                mp4.Follow(before);
            }
            catch (Mp4Exception e)
            {
                damage = e.Message;
            }

            if (!mp4.HasFragments)
            {
                throw new FailureException(
                    ExitCode.Failure, $"{path}: {damage ?? "it holds no whole fragment"}", "what can be repaired is a fragmented MP4 of one recording, unencrypted, from its first whole fragment on; the file was not changed");
            }

            long unplayed = before - mp4.WholeBytes;
            long bytes = mp4.Finalise();
            return new RepairedFile(path, WasFinal: false, mp4.Samples, Math.Round(mp4.Duration.TotalSeconds, 3), bytes, unplayed, damage);
        }
        finally
        {
            sides.ForEach(side => side.Dispose());
        }
    }

    private static FileDescriptor Open(string path)
    {
        if (Directory.Exists(path))
            throw new FailureException(ExitCode.Usage, $"{path}: a directory", "name a file in it");
        // A link is followed here, and not beneath its directory.
        string real = Path.GetFullPath(File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path);
        using DirectoryDescriptor directory = DirectoryDescriptor.Open(Path.GetDirectoryName(real)!);
        return directory.OpenExisting(Path.GetFileName(real), write: true);
    }

    private static FailureException Failure(string path, NativeException e) => e.Errno switch
    {
        Errno.ENOENT or Errno.ENOTDIR => new(ExitCode.NotFound, $"{path}: no such file", "check its path; `damctl record show ID` names a recording's files"),
        Errno.EACCES or Errno.EPERM => new(ExitCode.Denied, $"{path}: permission denied", $"let {Environment.UserName} write it, or run damctl with sudo"),
        Errno.EROFS => new(ExitCode.Failure, $"{path}: it is on a file system that is mounted read-only", "mount it read-write, or copy the file elsewhere"),
        Errno.ENOSPC or Errno.EDQUOT => new(
            ExitCode.Failure, $"{path}: no room for its index ({e.Reason}); it plays as it did", "free some space on its disk and in the temporary directory (TMPDIR)"),
        _ => new(ExitCode.Failure, $"{path}: {e.Reason}", "look at that disk (dmesg)"),
    };
}
