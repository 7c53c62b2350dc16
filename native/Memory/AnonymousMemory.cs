using System.Globalization;
using System.Runtime.InteropServices;
using ThatDam.Native.Errors;
using Tmds.Linux;

namespace ThatDam.Native.Memory;

/// <summary>
/// Memory of a mapping of its own (mmap(2), MAP_PRIVATE | MAP_ANONYMOUS): address space at first, memory where it was written, and the
/// machine's again when it is discarded or freed, which what comes from malloc(3) is not always.
/// </summary>
public sealed unsafe partial class AnonymousMemory : SafeHandle
{
    private const int Discardable = 4; // MADV_DONTNEED, <asm-generic/mman-common.h>

    private AnonymousMemory(nint address, nint length)
        : base(-1, ownsHandle: true)
    {
        SetHandle(address);
        Length = length;
    }

    /// <summary>The first byte, at the begin of a page. Valid until it is disposed.</summary>
    public nint Address => IsClosed ? throw new ObjectDisposedException(nameof(AnonymousMemory)) : handle;

    /// <summary>Bytes.</summary>
    public nint Length { get; }

    /// <inheritdoc/>
    public override bool IsInvalid => handle is 0 or -1;

    /// <summary>Maps so many bytes, rounded up to a page.</summary>
    /// <exception cref="NativeException">ENOMEM: no address space, or vm.overcommit_memory=2 and no room.</exception>
    public static AnonymousMemory Map(nint length)
    {
        length = (length + Environment.SystemPageSize - 1) / Environment.SystemPageSize * Environment.SystemPageSize;
        var address = LibC.mmap(null, (size_t)(ulong)length, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS | LibC.MAP_NORESERVE, -1, 0);
        return address == LibC.MAP_FAILED
            ? throw NativeException.Last("mmap", string.Create(CultureInfo.InvariantCulture, $"{length} bytes"))
            : new AnonymousMemory((nint)address, length);
    }

    /// <summary>Gives the memory from there to the end back to the machine: whole pages, which read as zero from here on.</summary>
    /// <param name="from">Bytes from the begin that stay.</param>
    public void Discard(nint from)
    {
        from = (from + Environment.SystemPageSize - 1) / Environment.SystemPageSize * Environment.SystemPageSize;
        // Advice: where it cannot be followed the memory stays.
        if (from < Length)
            _ = Advise((void*)(Address + from), (nuint)(Length - from), Discardable);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => LibC.munmap((void*)handle, (size_t)(ulong)Length) == 0;

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
