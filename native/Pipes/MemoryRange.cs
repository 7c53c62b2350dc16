namespace ThatDam.Native.Pipes;

/// <summary>Some bytes of this process's memory, laid out as the kernel's <c>struct iovec</c> (&lt;sys/uio.h&gt;). Owns nothing.</summary>
/// <param name="Address">The first byte.</param>
/// <param name="Length">How many bytes.</param>
public readonly record struct MemoryRange(nint Address, nint Length);
