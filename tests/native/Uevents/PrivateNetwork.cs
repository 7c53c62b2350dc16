using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace ThatDam.Native.Tests.Uevents;

/// <summary>
/// Runs on a thread with a network namespace of its own, or rights of its own: what is sent there, nobody else on this machine hears, and
/// what others send is not heard there. The thread ends with it.
/// </summary>
internal static class PrivateNetwork
{
    private const int NewNetwork = 0x40000000; // CLONE_NEWNET

    /// <summary>Runs; skips the test where it may not be.</summary>
    public static void Run(Action<UeventSender> action) => OnThread(() =>
    {
        Assert.SkipUnless(Unshare(NewNetwork) == 0 && UeventSender.IsAllowed, "takes CAP_SYS_ADMIN and CAP_NET_ADMIN");
        using var sender = new UeventSender();
        action(sender);
    });

    /// <summary>Runs as the user <c>nobody</c>, who has no capability; skips the test where it may not be.</summary>
    public static void RunAsNobody(Action action) => OnThread(() =>
    {
        // setresuid by itself: that of libc would change every thread of the process.
        var number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 147 : 117;
        Assert.SkipUnless(Call(number, 65534, 65534, 65534) == 0, "takes CAP_SETUID");
        action();
    });

    private static void OnThread(Action action)
    {
        ExceptionDispatchInfo? problem = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                problem = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        problem?.Throw();
    }

    [DllImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static extern int Unshare(int flags);

    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static extern nint Call(nint number, nint real, nint effective, nint saved);
}
