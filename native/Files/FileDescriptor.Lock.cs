using Tmds.Linux;

namespace ThatDam.Native.Files;

public sealed partial class FileDescriptor
{
    /// <summary>
    /// Says that it is being written, to whoever asks the same: fcntl(2), F_OFD_SETLK, F_WRLCK. Until it is closed. Does not wait. Not flock(2), which
    /// .NET's own files take, so that a reader in .NET would be refused.
    /// </summary>
    /// <returns>False where another has it. True, too, where the file system has no locks.</returns>
    public unsafe bool TryLock()
    {
        using var lease = Lease();
        var whole = new flock { l_type = (short)LibC.F_WRLCK, l_whence = (short)LibC.SEEK_SET };
        while (LibC.fcntl(lease.Fd, LibC.F_OFD_SETLK, &whole) < 0)
        {
            if (LibC.errno == LibC.EAGAIN || LibC.errno == LibC.EACCES)
                return false;
            if (LibC.errno != LibC.EINTR)
                return true;
        }
        return true;
    }

    /// <summary>Whether it is open once more, here or in another process: fcntl(2), F_SETLEASE, F_WRLCK, given back at once.</summary>
    /// <returns>False, too, where the system does not say: on a network file system, or a file that is somebody else's.</returns>
    public bool IsOpenElsewhere()
    {
        using var lease = Lease();
        if (LibC.fcntl(lease.Fd, LibC.F_SETLEASE, LibC.F_WRLCK) < 0)
            return LibC.errno == LibC.EAGAIN;
        _ = LibC.fcntl(lease.Fd, LibC.F_SETLEASE, LibC.F_UNLCK);
        return false;
    }
}
