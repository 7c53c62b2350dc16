using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;
using Tmds.Linux;

namespace ThatDam.Native.Processes;

/// <summary>
/// A program started by this one, with exactly the descriptors it was given: posix_spawn(3). It leads a session of its own, so a
/// terminal's Ctrl-C passes it by; its signals are at their defaults (a .NET program ignores SIGPIPE, and a child would inherit that).
/// For any thread.
/// </summary>
public sealed class ChildProcess : IDisposable
{
    /// <summary>How long <see cref="Dispose"/> waits for the kernel to let go of a killed child.</summary>
    private static readonly TimeSpan KillDeadline = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private ExitStatus? _status;

    private ChildProcess(int id, string program, PidDescriptor handle)
    {
        Id = id;
        Program = program;
        Handle = handle;
    }

    /// <summary>The process id. Signal through <see cref="Send"/>: the number may be another's once the child is reaped.</summary>
    public int Id { get; }

    /// <summary>The file it runs.</summary>
    public string Program { get; }

    /// <summary>Readable when it has ended.</summary>
    public PidDescriptor Handle { get; }

    /// <summary>Whether it has ended. Reaps it.</summary>
    public bool HasExited => TryReap() is not null;

    /// <summary>Starts a program.</summary>
    /// <param name="program">The path of its file; not looked up in PATH.</param>
    /// <param name="arguments">Its arguments, without the program's own name, which is put before them.</param>
    /// <param name="descriptors">Its descriptors 0, 1, 2 and so on, and no others. They stay ours too.</param>
    /// <param name="environment">
    /// Set over the clean environment that every child gets: LANG=C, and PATH and HOME as they are here. Nothing else is inherited, so no
    /// secret is.
    /// </param>
    /// <exception cref="NativeException">ENOENT: no such program. EACCES: not ours to run. EAGAIN, ENOMEM: no room for a process.</exception>
    public static unsafe ChildProcess Start(
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyList<Descriptor> descriptors,
        IReadOnlyList<KeyValuePair<string, string>>? environment = null)
    {
        using var argv = new StringVector([program, .. arguments]);
        using var variables = new StringVector(Environment(environment));
        using var path = new StringVector([program]);
        var sources = new List<SpareDescriptor>(descriptors.Count);
        SpawnAttributes attributes;
        SpawnFileActions actions;
        SignalSet signals;
        Check(ProcessCalls.SpawnAttributesInit(&attributes), program);
        Check(ProcessCalls.SpawnFileActionsInit(&actions), program);
        try
        {
            const short flags = SpawnFlags.POSIX_SPAWN_SETSID | SpawnFlags.POSIX_SPAWN_SETSIGDEF | SpawnFlags.POSIX_SPAWN_SETSIGMASK;
            Check(ProcessCalls.SpawnAttributesSetFlags(&attributes, flags), program);
            _ = ProcessCalls.SigFillSet(&signals);
            Check(ProcessCalls.SpawnAttributesSetSigDefault(&attributes, &signals), program);
            _ = ProcessCalls.SigEmptySet(&signals);
            Check(ProcessCalls.SpawnAttributesSetSigMask(&attributes, &signals), program);
            foreach (var descriptor in descriptors)
                sources.Add(SpareDescriptor.CopyOf(descriptor, descriptors.Count));
            for (var i = 0; i < sources.Count; i++)
            {
                using var lease = sources[i].Lease();
                Check(ProcessCalls.SpawnFileActionsAddDup2(&actions, lease.Fd, i), program);
            }

            Check(ProcessCalls.SpawnFileActionsAddCloseFrom(&actions, sources.Count), program);
            int pid;
            Check(ProcessCalls.PosixSpawn(&pid, path.First[0], &actions, &attributes, argv.First, variables.First), program);
            return new ChildProcess(pid, program, Open(pid));
        }
        finally
        {
            foreach (var source in sources)
                source.Dispose();
            _ = ProcessCalls.SpawnFileActionsDestroy(&actions);
            _ = ProcessCalls.SpawnAttributesDestroy(&attributes);
        }
    }

    /// <summary>How it ended; null while it runs. Takes the zombie away.</summary>
    public unsafe ExitStatus? TryReap()
    {
        lock (_lock)
        {
            if (_status is not null || Handle.IsClosed)
                return _status;
            using var lease = Handle.Lease();
            SigInfo info;
            info.si_pid = 0;
            while (ProcessCalls.WaitId(Wait.P_PIDFD, (uint)lease.Fd, &info, Wait.WEXITED | Wait.WNOHANG) < 0)
            {
                if (LibC.errno != LibC.EINTR)
                    throw NativeException.Last("waitid", $"process {Id} ({Program})");
            }

            if (info.si_pid == 0)
                return null;
            return _status = info.si_code == ChildCode.CLD_EXITED
                ? new ExitStatus(info.si_status, null)
                : new ExitStatus(null, (Signal)info.si_status);
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>How it ended; null when it still runs after that time.</returns>
    public ExitStatus? WaitForExit(TimeSpan deadline)
    {
        if (TryReap() is { } ended)
            return ended;
        using var poll = new PollSet();
        poll.Add(Handle, PollEvents.In);
        poll.Wait((int)Math.Clamp(deadline.TotalMilliseconds, 0, int.MaxValue));
        return TryReap();
    }

    /// <summary>Sends it a signal: pidfd_send_signal(2). Nothing happens when it has ended.</summary>
    /// <exception cref="NativeException">EPERM: it has become another user's.</exception>
    public void Send(Signal signal)
    {
        lock (_lock)
        {
            if (_status is not null || Handle.IsClosed)
                return;
            using var lease = Handle.Lease();
            if (ProcessCalls.PidFdSendSignal(ProcessCalls.SYS_pidfd_send_signal, lease.Fd, (int)signal, 0, 0) < 0
                && LibC.errno != LibC.ESRCH)
                throw NativeException.Last("pidfd_send_signal", $"process {Id} ({Program})");
        }
    }

    /// <summary>Lets everything else go first: nice 10, setpriority(2). Only just after the start: threads that it has made by then keep theirs.</summary>
    public void YieldToOthers()
    {
        lock (_lock)
        {
            if (_status is null)
                _ = ProcessCalls.SetPriority(0, (uint)Id, 10); // to lower one's own child is always allowed
        }
    }

    /// <summary>Kills it if it still runs, and reaps it: neither an orphan nor a zombie is left.</summary>
    public void Dispose()
    {
        if (Handle.IsClosed)
            return;
        if (TryReap() is null)
        {
            Send(Signal.SIGKILL);
            WaitForExit(KillDeadline);
        }

        Handle.Dispose();
    }

    // The process is there until it is reaped, and nobody else does that; what can fail is a descriptor for it.
    private static unsafe PidDescriptor Open(int pid)
    {
        try
        {
            return PidDescriptor.Open(pid);
        }
        catch (NativeException)
        {
            SigInfo info;
            _ = LibC.kill(pid, LibC.SIGKILL);
            _ = ProcessCalls.WaitId(Wait.P_PID, (uint)pid, &info, Wait.WEXITED);
            throw;
        }
    }

    private static string[] Environment(IReadOnlyList<KeyValuePair<string, string>>? extra)
    {
        var variables = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = System.Environment.GetEnvironmentVariable("HOME") ?? "/",
            ["LANG"] = "C",
            ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin",
        };
        foreach (var (name, value) in extra ?? [])
            variables[name] = value;
        return [.. variables.Select(variable => $"{variable.Key}={variable.Value}")];
    }

    private static void Check(int errno, string program)
    {
        if (errno != 0)
            throw new NativeException("posix_spawn", program, (Errno)errno);
    }

    /// <summary>
    /// A copy of a descriptor with a number that is nobody's target, so that the child's dup2 calls can neither overwrite a source nor
    /// copy one onto itself, which would leave it close-on-exec.
    /// </summary>
    private sealed class SpareDescriptor : Descriptor
    {
        private SpareDescriptor(int fd)
            : base(fd)
        {
        }

        public static SpareDescriptor CopyOf(Descriptor original, int least)
        {
            using var lease = original.Lease();
            var fd = LibC.fcntl(lease.Fd, LibC.F_DUPFD_CLOEXEC, least);
            return fd < 0 ? throw NativeException.Last("F_DUPFD_CLOEXEC", "a descriptor for a child") : new SpareDescriptor(fd);
        }
    }
}
