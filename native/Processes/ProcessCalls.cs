using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ThatDam.Native.Errors;

namespace ThatDam.Native.Processes;

/// <summary>The calls that start, watch and signal a process, which Tmds.LibC lacks.</summary>
[CHeader("sys/syscall.h")]
internal static partial class ProcessCalls
{
    public const int SYS_pidfd_send_signal = 424;
    public const int SYS_pidfd_open = 434;

    // pidfd_open(2): always close-on-exec.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint PidFdOpen(nint number, int pid, uint flags);

    // pidfd_send_signal(2)
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint PidFdSendSignal(nint number, int pidfd, int signal, nint info, uint flags);

    // setpriority(2); which is PRIO_PROCESS, 0
    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    public static partial int SetPriority(int which, uint who, int nice);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    public static unsafe partial int WaitId(int idtype, uint id, SigInfo* info, int options);

    // The posix_spawn family returns the errno instead of setting it.
    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    public static unsafe partial int PosixSpawn(
        int* pid, byte* path, SpawnFileActions* actions, SpawnAttributes* attributes, byte** argv, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    public static unsafe partial int SpawnAttributesInit(SpawnAttributes* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    public static unsafe partial int SpawnAttributesDestroy(SpawnAttributes* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    public static unsafe partial int SpawnAttributesSetFlags(SpawnAttributes* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    public static unsafe partial int SpawnAttributesSetSigDefault(SpawnAttributes* attributes, SignalSet* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    public static unsafe partial int SpawnAttributesSetSigMask(SpawnAttributes* attributes, SignalSet* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    public static unsafe partial int SpawnFileActionsInit(SpawnFileActions* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    public static unsafe partial int SpawnFileActionsDestroy(SpawnFileActions* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static unsafe partial int SpawnFileActionsAddDup2(SpawnFileActions* actions, int from, int to);

    // glibc 2.34
    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    public static unsafe partial int SpawnFileActionsAddCloseFrom(SpawnFileActions* actions, int from);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    public static unsafe partial int SigFillSet(SignalSet* signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    public static unsafe partial int SigEmptySet(SignalSet* signals);
}

/// <summary>waitid(2): which process, and what of it. Source: &lt;sys/wait.h&gt;.</summary>
[CHeader("sys/wait.h")]
internal static class Wait
{
    public const int P_PID = 1;
    public const int P_PIDFD = 3;
    public const int WNOHANG = 1;
    public const int WEXITED = 4;
}

/// <summary>Why waitid(2) reports a child. Source: &lt;signal.h&gt;.</summary>
[CHeader("signal.h")]
internal static class ChildCode
{
    public const int CLD_EXITED = 1;
    public const int CLD_KILLED = 2;
    public const int CLD_DUMPED = 3;
}

/// <summary>posix_spawnattr_setflags(3). Source: &lt;spawn.h&gt;.</summary>
[CHeader("spawn.h")]
internal static class SpawnFlags
{
    public const short POSIX_SPAWN_SETSIGDEF = 0x04;
    public const short POSIX_SPAWN_SETSIGMASK = 0x08;
    public const short POSIX_SPAWN_SETSID = 0x80;
}

/// <summary>What waitid(2) found; zero <c>si_pid</c>: nothing yet. 64-bit layout.</summary>
[CHeader("signal.h", Name = "siginfo_t")]
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct SigInfo
{
    [FieldOffset(0)]
    public int si_signo;
    [FieldOffset(4)]
    public int si_errno;
    [FieldOffset(8)]
    public int si_code;
    [FieldOffset(16)]
    public int si_pid;
    [FieldOffset(20)]
    public uint si_uid;
    [FieldOffset(24)]
    public int si_status;
}

/// <summary>A set of signals; libc's own functions fill it.</summary>
[CHeader("signal.h", Name = "sigset_t")]
[InlineArray(16)]
internal struct SignalSet
{
    private ulong _first;
}

/// <summary>Opaque; libc's own functions fill it.</summary>
[CHeader("spawn.h", Name = "posix_spawnattr_t")]
[InlineArray(42)]
internal struct SpawnAttributes
{
    private ulong _first;
}

/// <summary>Opaque; libc's own functions fill it.</summary>
[CHeader("spawn.h", Name = "posix_spawn_file_actions_t")]
[InlineArray(10)]
internal struct SpawnFileActions
{
    private ulong _first;
}
