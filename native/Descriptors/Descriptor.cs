using System.Runtime.InteropServices;
using Tmds.Linux;

namespace ThatDam.Native.Descriptors;

/// <summary>
/// Owns one file descriptor; one derived type for each kind of it. Invalid is below zero or above <see cref="int.MaxValue"/>: a failed
/// open(2) whose -1 was widened without its sign is invalid too.
/// </summary>
public abstract class Descriptor : SafeHandle
{
    /// <summary>Takes ownership of <paramref name="fd"/>.</summary>
    protected Descriptor(int fd)
        : base(-1, ownsHandle: true) => SetHandle(fd);

    /// <inheritdoc/>
    public override bool IsInvalid => handle < 0 || handle > int.MaxValue;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => LibC.close((int)handle) == 0;

    /// <summary>
    /// Lends the number for the time of one call: the descriptor cannot be closed, and its number not be given to another file, until the
    /// lease ends.
    /// </summary>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public DescriptorLease Lease() => new(this);
}

/// <summary>A descriptor's number, safe to use while this lives. See <see cref="Descriptor.Lease"/>.</summary>
public readonly ref struct DescriptorLease
{
    private readonly Descriptor _owner;

    internal DescriptorLease(Descriptor owner)
    {
        var taken = false;
        owner.DangerousAddRef(ref taken);
        _owner = owner;
        Fd = (int)owner.DangerousGetHandle();
    }

    /// <summary>The number.</summary>
    public int Fd { get; }

    /// <summary>Ends the lease.</summary>
    public void Dispose() => _owner.DangerousRelease();
}
