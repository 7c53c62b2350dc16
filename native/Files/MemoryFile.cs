using System.Text;
using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;
using Tmds.Linux;

namespace ThatDam.Native.Files;

/// <summary>A file without a name in any directory, in memory: memfd_create(2), close-on-exec. Gone with its last descriptor.</summary>
public sealed class MemoryFile : Descriptor
{
    private readonly string _name;

    private MemoryFile(int fd, string name)
        : base(fd) => _name = name;

    /// <summary>A new one, empty.</summary>
    /// <param name="name">What /proc/PID/fd shows; at most 249 bytes.</param>
    /// <exception cref="NativeException">EMFILE, ENFILE: no descriptor is free. ENOMEM. EACCES: vm.memfd_noexec forbids it.</exception>
    public static unsafe MemoryFile Create(string name)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
        {
            // Without MFD_NOEXEC_SEAL: it adds F_SEAL_EXEC, and a journald before 254 takes a file with exactly the seals of Seal.
            var fd = LibC.memfd_create(text, (uint)(LibC.MFD_CLOEXEC | LibC.MFD_ALLOW_SEALING));
            return fd < 0 ? throw NativeException.Last("memfd_create", name) : new MemoryFile(fd, name);
        }
    }

    /// <summary>Writes all of it at the end of what was written before.</summary>
    /// <exception cref="NativeException">ENOMEM, ENOSPC: some of it may be written. EPERM: it is sealed.</exception>
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
                    throw NativeException.Last("write", _name);
            }
        }
    }

    /// <summary>From here on nobody can change it, nor unseal it: whoever is sent it may read it in place (F_ADD_SEALS).</summary>
    public void Seal()
    {
        using var lease = Lease();
        if (LibC.fcntl(lease.Fd, LibC.F_ADD_SEALS, LibC.F_SEAL_SHRINK | LibC.F_SEAL_GROW | LibC.F_SEAL_WRITE | LibC.F_SEAL_SEAL) < 0)
            throw NativeException.Last("F_ADD_SEALS", _name);
    }
}
