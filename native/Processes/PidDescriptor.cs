using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;

namespace ThatDam.Native.Processes;

/// <summary>A process that cannot be mistaken for a later one of the same number: pidfd_open(2). Readable in a poll when the process has ended.</summary>
public sealed class PidDescriptor : Descriptor
{
    private PidDescriptor(int fd)
        : base(fd)
    {
    }

    internal static PidDescriptor Open(int pid)
    {
        var fd = ProcessCalls.PidFdOpen(ProcessCalls.SYS_pidfd_open, pid, 0);
        return fd < 0 ? throw NativeException.Last("pidfd_open", $"process {pid}") : new PidDescriptor((int)fd);
    }
}
