using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;
using Tmds.Linux;

namespace ThatDam.Native.Files;

/// <summary>An open regular file; see <see cref="DirectoryDescriptor"/> for how one is opened.</summary>
public sealed partial class FileDescriptor : Descriptor
{
    internal FileDescriptor(int fd, string name)
        : base(fd) => Name = name;

    /// <summary>The path it was opened by, for messages.</summary>
    public string Name { get; }

    /// <summary>Its length in bytes (fstat(2)).</summary>
    public unsafe long Length
    {
        get
        {
            using var lease = Lease();
            stat found;
            return LibC.fstat(lease.Fd, &found) < 0 ? throw NativeException.Last("fstat", Name) : (long)found.st_size;
        }
    }

    /// <summary>Where <see cref="Write"/> and a splice into it go on (lseek(2)); 0 when just opened.</summary>
    public long Position
    {
        get => Seek(0, LibC.SEEK_CUR);
        set => Seek(value, LibC.SEEK_SET);
    }

    /// <summary>Makes its data, and the length that is needed to read it, survive a power cut: fdatasync(2).</summary>
    /// <exception cref="NativeException">EIO, ENOSPC, EDQUOT: some data may be lost; do not try again.</exception>
    public void DataSync()
    {
        using var lease = Lease();
        while (LibC.fdatasync(lease.Fd) < 0)
        {
            if (LibC.errno != LibC.EINTR)
                throw NativeException.Last("fdatasync", Name);
        }
    }

    /// <summary>Cuts it off, or extends it with a hole: ftruncate(2).</summary>
    public void Truncate(long length)
    {
        using var lease = Lease();
        while (LibC.ftruncate(lease.Fd, length) < 0)
        {
            if (LibC.errno != LibC.EINTR)
                throw NativeException.Last("ftruncate", Name);
        }
    }

    /// <summary>Keeps room on the disk for bytes to come, without changing the length: fallocate(2), FALLOC_FL_KEEP_SIZE.</summary>
    /// <returns>False where the file system cannot do it.</returns>
    /// <exception cref="NativeException">ENOSPC, EDQUOT: there is no such room.</exception>
    public bool Allocate(long offset, long length)
    {
        using var lease = Lease();
        while (LibC.fallocate(lease.Fd, LibC.FALLOC_FL_KEEP_SIZE, offset, length) < 0)
        {
            if (LibC.errno == LibC.EOPNOTSUPP)
                return false;
            if (LibC.errno != LibC.EINTR)
                throw NativeException.Last("fallocate", Name);
        }

        return true;
    }

    /// <summary>Reads from a place, leaving <see cref="Position"/>: pread(2), until <paramref name="into"/> is full or the file ends.</summary>
    /// <returns>How many bytes; less than asked for only at the end of the file.</returns>
    public unsafe int ReadAt(Span<byte> into, long offset)
    {
        using var lease = Lease();
        var done = 0;
        fixed (byte* address = into)
        {
            while (done < into.Length)
            {
                long got = LibC.pread(lease.Fd, address + done, (size_t)(ulong)(into.Length - done), offset + done);
                if (got == 0)
                    break;
                if (got > 0)
                    done += (int)got;
                else if (LibC.errno != LibC.EINTR)
                    throw NativeException.Last("pread", Name);
            }
        }

        return done;
    }

    /// <summary>Writes all of it to a place, leaving <see cref="Position"/>: pwrite(2).</summary>
    /// <exception cref="NativeException">ENOSPC, EDQUOT, EIO, EFBIG: some of it may be written.</exception>
    public unsafe void WriteAt(ReadOnlySpan<byte> bytes, long offset)
    {
        using var lease = Lease();
        var done = 0;
        fixed (byte* address = bytes)
        {
            while (done < bytes.Length)
            {
                long taken = LibC.pwrite(lease.Fd, address + done, (size_t)(ulong)(bytes.Length - done), offset + done);
                if (taken >= 0)
                    done += (int)taken;
                else if (LibC.errno != LibC.EINTR)
                    throw NativeException.Last("pwrite", Name);
            }
        }
    }

    /// <summary>Writes all of it at <see cref="Position"/> and moves that on: write(2).</summary>
    /// <exception cref="NativeException">ENOSPC, EDQUOT, EIO, EFBIG: some of it may be written.</exception>
    public unsafe void Write(ReadOnlySpan<byte> bytes)
    {
        using var lease = Lease();
        var done = 0;
        fixed (byte* address = bytes)
        {
            while (done < bytes.Length)
            {
                long taken = LibC.write(lease.Fd, address + done, (size_t)(ulong)(bytes.Length - done));
                if (taken >= 0)
                    done += (int)taken;
                else if (LibC.errno != LibC.EINTR)
                    throw NativeException.Last("write", Name);
            }
        }
    }

    private long Seek(long offset, int whence)
    {
        using var lease = Lease();
        long place = LibC.lseek(lease.Fd, offset, whence);
        return place < 0 ? throw NativeException.Last("lseek", Name) : place;
    }
}
