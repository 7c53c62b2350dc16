using System.Globalization;
using ThatDam.Native.Errors;
using Tmds.Linux;

namespace ThatDam.Native.Descriptors;

/// <summary>
/// A descriptor that the service manager handed over at the start (sd_listen_fds(3)): from 3 on, as many as LISTEN_FDS says, named by
/// LISTEN_FDNAMES, meant for the process that LISTEN_PID names. Close-on-exec from here on, so that no child inherits it.
/// </summary>
public sealed class PassedDescriptor : Descriptor
{
    private const int First = 3; // SD_LISTEN_FDS_START

    private PassedDescriptor(int fd, string name)
        : base(fd) => Name = name;

    /// <summary>Its FileDescriptorName=; <c>unknown</c> where it was given none.</summary>
    public string Name { get; }

    /// <summary>Takes those that were handed over to this process. To be called once; whoever reads the environment after it should not find them there any more.</summary>
    /// <param name="environment">The value of a variable, or null.</param>
    /// <exception cref="NativeException">EBADF: one that was announced is not open.</exception>
    public static IReadOnlyList<PassedDescriptor> TakeAll(Func<string, string?> environment)
    {
        if (!int.TryParse(environment("LISTEN_PID"), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) || pid != Environment.ProcessId
            || !int.TryParse(environment("LISTEN_FDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return [];
        var names = environment("LISTEN_FDNAMES")?.Split(':') ?? [];
        var passed = new List<PassedDescriptor>();
        for (var i = 0; i < count; i++)
        {
            if (LibC.fcntl(First + i, LibC.F_SETFD, LibC.FD_CLOEXEC) < 0)
                throw NativeException.Last("fcntl", string.Create(CultureInfo.InvariantCulture, $"descriptor {First + i} of LISTEN_FDS"));
            passed.Add(new PassedDescriptor(First + i, i < names.Length ? names[i] : "unknown"));
        }
        return passed;
    }

    /// <summary>Its number, which is the caller's to close from here on.</summary>
    public int Release()
    {
        var fd = (int)handle;
        SetHandleAsInvalid();
        return fd;
    }
}
