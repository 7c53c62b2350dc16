using System.Runtime.InteropServices;
using System.Text;
using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;
using Tmds.Linux;

namespace ThatDam.Native.Files;

/// <summary>
/// An open directory. Files are opened from it by name, beneath it only: no name leads out of it, through a symbolic link or through
/// /proc (openat2(2), RESOLVE_BENEATH, RESOLVE_NO_SYMLINKS, RESOLVE_NO_MAGICLINKS). Where a sandbox takes that call away, as systemd's
/// RestrictSUIDSGID= does (seccomp cannot look at its arguments), names with a slash are refused, and the rest is opened by openat(2).
/// </summary>
public sealed partial class DirectoryDescriptor : Descriptor
{
    private DirectoryDescriptor(int fd, string path)
        : base(fd) => Path = path;

    /// <summary>Where it was when it was opened.</summary>
    public string Path { get; }

    /// <summary>Opens a directory; the path itself may lead through symbolic links.</summary>
    /// <exception cref="NativeException">ENOENT, ENOTDIR, EACCES.</exception>
    public static unsafe DirectoryDescriptor Open(string path)
    {
        fixed (byte* name = NullTerminated(path))
        {
            while (true)
            {
                var fd = LibC.open(name, LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_CLOEXEC, 0);
                if (fd >= 0)
                    return new DirectoryDescriptor(fd, path);
                if (LibC.errno != LibC.EINTR)
                    throw NativeException.Last("open", path);
            }
        }
    }

    /// <summary>Makes a file that was not there, for reading and writing, at position 0 (O_CREAT, O_EXCL, O_NOFOLLOW; never O_APPEND, which splice refuses).</summary>
    /// <param name="name">Its name, beneath this directory.</param>
    /// <param name="mode">Its permissions, before the umask.</param>
    /// <exception cref="NativeException">
    /// EEXIST: the name is taken. EXDEV, ELOOP: it leads out of the directory or through a link. EACCES, EROFS, ENOSPC, EDQUOT.
    /// </exception>
    public FileDescriptor CreateNew(string name, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead) =>
        OpenBeneath(name, LibC.O_RDWR | LibC.O_CREAT | LibC.O_EXCL, mode);

    /// <summary>Opens a file that is there, at position 0.</summary>
    /// <param name="name">Its name, beneath this directory.</param>
    /// <param name="write">For reading and writing, or only for reading.</param>
    /// <exception cref="NativeException">ENOENT. EXDEV, ELOOP: it leads out of the directory or through a link. EACCES, EROFS, EISDIR.</exception>
    public FileDescriptor OpenExisting(string name, bool write = false) =>
        OpenBeneath(name, write ? LibC.O_RDWR : LibC.O_RDONLY, UnixFileMode.None);

    /// <summary>Opens a file, making it if it is not there, of which every write goes to the end, wherever it is told to go (O_APPEND, O_CREAT).</summary>
    /// <param name="name">Its name, beneath this directory.</param>
    /// <param name="mode">Its permissions if it is made, before the umask.</param>
    /// <exception cref="NativeException">EXDEV, ELOOP: it leads out of the directory or through a link. EACCES, EROFS, EISDIR, ENOSPC, EDQUOT.</exception>
    public FileDescriptor OpenAppend(string name, UnixFileMode mode) =>
        OpenBeneath(name, LibC.O_RDWR | LibC.O_APPEND | LibC.O_CREAT, mode);

    /// <summary>Makes names made, renamed and removed in it survive a power cut: fsync(2).</summary>
    /// <exception cref="NativeException">EIO: the disk failed.</exception>
    public void Sync()
    {
        using var lease = Lease();
        while (LibC.fsync(lease.Fd) < 0)
        {
            if (LibC.errno != LibC.EINTR)
                throw NativeException.Last("fsync", Path);
        }
    }

    /// <summary>Takes a file's name away: unlinkat(2). An open file lives on without it.</summary>
    /// <exception cref="NativeException">ENOENT, EACCES, EROFS.</exception>
    public unsafe void Remove(string name)
    {
        using var lease = Lease();
        fixed (byte* bytes = NullTerminated(name))
        {
            if (LibC.unlinkat(lease.Fd, bytes, 0) < 0)
                throw NativeException.Last("unlinkat", System.IO.Path.Join(Path, name));
        }
    }

    /// <summary>The room on its file system: fstatvfs(3).</summary>
    /// <exception cref="NativeException">EIO: the disk failed.</exception>
    public unsafe DiskSpace Space()
    {
        using var lease = Lease();
        statvfs found;
        while (LibC.fstatvfs(lease.Fd, &found) < 0)
        {
            if (LibC.errno != LibC.EINTR)
                throw NativeException.Last("fstatvfs", Path);
        }

        var block = (ulong)found.f_frsize;
        return new DiskSpace((long)(block * (ulong)found.f_bavail), (long)(block * (ulong)found.f_blocks));
    }

    private unsafe FileDescriptor OpenBeneath(string name, int flags, UnixFileMode mode)
    {
        using var lease = Lease();
        var how = new OpenHow
        {
            flags = (ulong)(uint)(flags | LibC.O_CLOEXEC | LibC.O_NOFOLLOW | LibC.O_NOCTTY),
            mode = (ulong)mode,
            resolve = Resolve.RESOLVE_BENEATH | Resolve.RESOLVE_NO_MAGICLINKS | Resolve.RESOLVE_NO_SYMLINKS,
        };
        fixed (byte* bytes = NullTerminated(name))
        {
            while (true)
            {
                var fd = OpenAt2(FileCalls.SYS_openat2, lease.Fd, bytes, &how, (nuint)sizeof(OpenHow));
                if (fd >= 0)
                    return new FileDescriptor((int)fd, System.IO.Path.Join(Path, name));
                if (LibC.errno == LibC.ENOSYS)
                    return OpenHere(lease.Fd, name, flags, mode);
                if (LibC.errno != LibC.EINTR)
                    throw NativeException.Last("openat2", System.IO.Path.Join(Path, name));
            }
        }
    }

    /// <summary>The same without openat2: for names of one part, which O_NOFOLLOW keeps in this directory.</summary>
    private unsafe FileDescriptor OpenHere(int directory, string name, int flags, UnixFileMode mode)
    {
        if (name.Contains('/', StringComparison.Ordinal) || name is "." or "..")
            throw new NativeException("openat", System.IO.Path.Join(Path, name), Errno.EXDEV);
        fixed (byte* bytes = NullTerminated(name))
        {
            while (true)
            {
                var fd = LibC.openat(directory, bytes, flags | LibC.O_CLOEXEC | LibC.O_NOFOLLOW | LibC.O_NOCTTY, (mode_t)(uint)mode);
                if (fd >= 0)
                    return new FileDescriptor(fd, System.IO.Path.Join(Path, name));
                if (LibC.errno != LibC.EINTR)
                    throw NativeException.Last("openat", System.IO.Path.Join(Path, name));
            }
        }
    }

    private static byte[] NullTerminated(string path) => Encoding.UTF8.GetBytes(path + '\0');

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static unsafe partial nint OpenAt2(nint number, int directory, byte* name, OpenHow* how, nuint size);
}
