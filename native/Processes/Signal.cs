using ThatDam.Native.Errors;

namespace ThatDam.Native.Processes;

/// <summary>The signals that end a process; signal(7). Source: &lt;signal.h&gt;.</summary>
[CHeader("signal.h")]
public enum Signal
{
    SIGHUP = 1,
    SIGINT = 2,
    SIGQUIT = 3,
    SIGILL = 4,
    SIGTRAP = 5,
    SIGABRT = 6,
    SIGBUS = 7,
    SIGFPE = 8,
    SIGKILL = 9,
    SIGUSR1 = 10,
    SIGSEGV = 11,
    SIGUSR2 = 12,
    SIGPIPE = 13,
    SIGALRM = 14,
    SIGTERM = 15,
    SIGCONT = 18,
    SIGSTOP = 19,
    SIGXCPU = 24,
    SIGXFSZ = 25,
    SIGSYS = 31,
}
