using System.Globalization;
using System.Runtime.InteropServices;
using Tmds.Linux;

namespace ThatDam.Native.Errors;

/// <summary>A system call that failed: which call, on what, and the kernel's reason.</summary>
public sealed class NativeException : IOException
{
    /// <param name="call">The call as its manual page names it, such as <c>VIDIOC_S_FMT</c> or <c>openat2</c>.</param>
    /// <param name="target">What it was called on: a path, a device, a program.</param>
    /// <param name="errno">The kernel's reason.</param>
    public NativeException(string call, string target, Errno errno)
        : base(string.Create(CultureInfo.InvariantCulture, $"{call} on {target}: {Text(errno)} ({errno})"))
    {
        Call = call;
        Target = target;
        Errno = errno;
    }

    /// <summary>The call that failed.</summary>
    public string Call { get; }

    /// <summary>What it was called on.</summary>
    public string Target { get; }

    /// <summary>The kernel's reason.</summary>
    public Errno Errno { get; }

    /// <summary>The kernel's reason in words (strerror(3)).</summary>
    public string Reason => Text(Errno);

    private static string Text(Errno errno) => Marshal.GetPInvokeErrorMessage((int)errno);

    /// <summary>The exception for the errno that the last libc call on this thread left behind. Call it before anything else.</summary>
    public static NativeException Last(string call, string target) => new(call, target, (Errno)LibC.errno);
}
