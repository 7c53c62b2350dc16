using ThatDam.Contract;
using ThatDam.Native.Errors;
using ThatDam.Native.Files;

namespace ThatDam.Agent.Recording;

/// <summary>Where recordings go: makes their files, and says in plain words why it cannot.</summary>
/// <param name="options">The directory.</param>
public sealed class OutputFolder(RecordingOptions options)
{
    private const int MaxAttempts = 1000;

    private volatile string _path = options.OutputDirectory;

    /// <summary>The directory's path.</summary>
    public string Path => _path;

    /// <summary>Files that are made from now on go elsewhere.</summary>
    /// <param name="path">The directory, absolute.</param>
    public void Move(string path) => _path = path;

    /// <summary>Makes a new file, 0640, that nothing else has.</summary>
    /// <param name="name">The name for an attempt, counted from 1, until one is free.</param>
    /// <exception cref="ProblemException">The directory is missing, full, read-only, not ours to write.</exception>
    internal FileDescriptor CreateFile(Func<int, string> name)
    {
        try
        {
            using var directory = DirectoryDescriptor.Open(Path);
            if (directory.Space().FreeBytes <= 0)
                throw new NativeException("openat2", Path, Errno.ENOSPC);
            for (var attempt = 1; attempt < MaxAttempts; attempt++)
            {
                try
                {
                    var file = directory.CreateNew(name(attempt));
                    file.TryLock(); // for who would repair it
                    directory.Sync();
                    return file;
                }
                catch (NativeException e) when (e.Errno == Errno.EEXIST)
                {
                }
            }
            throw new NativeException("openat2", Path, Errno.EEXIST);
        }
        catch (NativeException e)
        {
            throw Problem(e);
        }
    }

    /// <summary>Takes away a file in which nothing is.</summary>
    internal void Remove(FileDescriptor file)
    {
        try
        {
            using var directory = DirectoryDescriptor.Open(Path);
            directory.Remove(System.IO.Path.GetFileName(file.Name));
        }
        catch (NativeException)
        {
            // An empty file stays: the error that led here is the one to tell.
        }
    }

    /// <summary>Opens a recording's file by its absolute path; null when it is not there.</summary>
    /// <param name="path">Where.</param>
    /// <param name="write">For reading and writing, where it may be written; or only for reading.</param>
    internal static FileDescriptor? Open(string path, bool write = false)
    {
        try
        {
            using var directory = DirectoryDescriptor.Open(System.IO.Path.GetDirectoryName(path) ?? "/");
            return directory.OpenExisting(System.IO.Path.GetFileName(path), write);
        }
        catch (NativeException e) when (write && e.Errno is Errno.EROFS or Errno.EACCES or Errno.EPERM)
        {
            return Open(path);
        }
        catch (NativeException)
        {
            return null;
        }
    }

    private ProblemException Problem(NativeException e) => e.Errno switch
    {
        Errno.ENOENT or Errno.ENOTDIR or Errno.EACCES when UnitSandbox.Hides(Path) => new ProblemException(503, "output_hidden", "Output hidden by the unit",
            $"The output directory {Path}: the daemon's unit hides that place from it.", UnitSandbox.Remedy(Path)),
        Errno.EROFS when UnitSandbox.MakesReadOnly(Path) => new ProblemException(503, "output_read_only", "Output read-only",
            $"The output directory {Path} is read-only for the daemon alone: the sandbox of its unit (ProtectSystem=strict) refuses it.", UnitSandbox.Remedy(Path)),
        Errno.ENOENT or Errno.ENOTDIR => new ProblemException(503, "output_missing", "No output directory", $"The output directory {Path} does not exist.",
            $"Make it (install -d -m 0750 {Path}, owned by the daemon's user), or set [Recording] OutputDirectory=."),
        Errno.ENOSPC or Errno.EDQUOT => new ProblemException(507, "disk_full", "Disk full", $"The output directory {Path} has no room left ({e.Reason}).",
            "Free some space there, or set [Recording] OutputDirectory= to another disk."),
        Errno.EROFS => new ProblemException(503, "output_read_only", "Output read-only", $"The output directory {Path} is on a file system that is mounted read-only.",
            "Mount it read-write, or set [Recording] OutputDirectory= to another place."),
        Errno.EACCES or Errno.EPERM => new ProblemException(503, "output_denied", "No permission", $"The output directory {Path}: permission denied; the daemon's user may not write there.",
            $"Give it the directory (chown), or set [Recording] OutputDirectory= to another place."),
        Errno.EMFILE or Errno.ENFILE => new ProblemException(503, "system_refused", "Refused by the system", $"No file can be made in the output directory {Path}: {e.Reason}.",
            "Stop some recordings, or raise LimitNOFILE= in the daemon's unit."),
        _ => new ProblemException(503, "output_failed", "Output failed", $"No file can be made in the output directory {Path}: {e.Reason}.",
            "Look at that file system (dmesg), or set [Recording] OutputDirectory= to another place."),
    };
}
