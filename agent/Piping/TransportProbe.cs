using ThatDam.Agent.Capture;
using ThatDam.Native.Errors;
using ThatDam.Native.Pipes;

namespace ThatDam.Agent.Piping;

/// <summary>Finds out how a camera's frames can get into a pipe, by trying.</summary>
public static class TransportProbe
{
    private const int ProbeBytes = 4096;

    /// <summary>Zero copy where the kernel takes the driver's pages and NUT can carry the rows as they lie.</summary>
    /// <param name="source">An open source.</param>
    /// <param name="allowed">Whether the configuration allows it.</param>
    public static unsafe Transport Choose(IFrameSource source, bool allowed)
    {
        var mode = source.Mode;
        if (!allowed)
            return new Transport(false, "switched off by [Capture] ZeroCopy=off");
        if (!source.LeavesBuffersAlone)
            return new Transport(false, "the driver fills a buffer again without waiting for it, so each frame is copied at once");
        if (mode.Planes > 1)
            return new Transport(false, $"the driver gives {mode.Planes} separate planes");
        if (PixelLayout.Find(mode.Format) is { IsCompressed: false } layout && mode.Stride > layout.PackedStride(mode.Width))
            return new Transport(false, $"the driver's rows have padding: stride {mode.Stride}, picture {layout.PackedStride(mode.Width)} bytes");
        var (read, write) = Pipe.Create();
        using (read)
        using (write)
        {
            try
            {
                // A page of the first buffer; nobody reads it.
                write.TryVmsplice([new MemoryRange(source.BufferAddress(0), ProbeBytes)]);
                return new Transport(true, null);
            }
            catch (NativeException e) when (e.Errno is Errno.EFAULT or Errno.EINVAL or Errno.ENOMEM)
            {
                return new Transport(false, $"the kernel cannot splice this driver's memory ({e.Errno})");
            }
        }
    }
}
