using ThatDam.Native.Descriptors;

namespace ThatDam.Agent.Capture;

/// <summary>
/// A camera that is open, in its mode, with its buffers mapped: a V4L2 device or a built-in virtual camera. For one thread. A buffer is
/// the driver's from <see cref="Queue"/> until <see cref="TryDequeue"/> returns it. Disposing stops it and unmaps the buffers, so no
/// consumer may still read one.
/// </summary>
public interface IFrameSource : IDisposable
{
    /// <summary>The mode the driver really set.</summary>
    CaptureMode Mode { get; }

    /// <summary>How many buffers the driver gave.</summary>
    int BufferCount { get; }

    /// <summary>
    /// Whether a dequeued buffer stays as it is until it is queued again. v4l2loopback does not wait for that: its writer fills the next
    /// buffer, whoever reads it. Such a frame must be copied at once.
    /// </summary>
    bool LeavesBuffersAlone { get; }

    /// <summary>Readable when a frame can be dequeued; priority when the source has changed; error when it is gone.</summary>
    Descriptor Readiness { get; }

    /// <summary>Whether the driver tells when its source changes (V4L2_EVENT_SOURCE_CHANGE).</summary>
    bool TellsChanges => false;

    /// <summary>Where plane 0 of a buffer lies. Valid until disposal.</summary>
    nint BufferAddress(int index);

    /// <summary>Queues every buffer and starts the stream (VIDIOC_STREAMON).</summary>
    /// <exception cref="Native.Errors.NativeException">ENOSPC: not enough USB bandwidth. EBUSY: held by another process. ENODEV: unplugged.</exception>
    void Start();

    /// <summary>Takes the next frame, if there is one.</summary>
    /// <returns>False when none is ready.</returns>
    /// <exception cref="Native.Errors.NativeException">ENODEV: unplugged. EIO: the stream failed.</exception>
    bool TryDequeue(out CapturedFrame frame);

    /// <summary>Gives a buffer back to the driver (VIDIOC_QBUF).</summary>
    void Queue(int index);

    /// <summary>
    /// Stops the stream and starts it again, with every buffer but those that are out. Frames that were filled and not taken are lost;
    /// the sequence restarts at 0.
    /// </summary>
    /// <param name="isOut">Whether a buffer is not to be queued.</param>
    /// <exception cref="Native.Errors.NativeException">As <see cref="Start"/>; it streams no more then.</exception>
    void Restart(Func<int, bool> isOut);

    /// <summary>
    /// Asked when <see cref="Readiness"/> has an event: what the signal is now, in words such as <c>no signal</c> or <c>1280x720p60 now</c>, when it
    /// is not the one that streams; else null.
    /// </summary>
    /// <exception cref="Native.Errors.NativeException">ENODEV: unplugged.</exception>
    string? SourceChange() => null;

    /// <summary>What is wrong with the signal, in words; null when it is well, or there is nothing to tell.</summary>
    /// <exception cref="Native.Errors.NativeException">ENODEV: unplugged.</exception>
    string? SignalProblem() => null;

    /// <summary>Stops the stream (VIDIOC_STREAMOFF); every buffer is ours again. Does not throw when the device is gone.</summary>
    void Stop();

    /// <summary>
    /// The last but for <see cref="BufferAddress"/> and disposal: stops the stream and gives the device up, so that it can be opened anew while
    /// consumers still read its buffers. Does not throw.
    /// </summary>
    void GiveUp() => Stop();
}

/// <summary>One frame in a driver's buffer.</summary>
/// <param name="Index">The buffer.</param>
/// <param name="Address">Its first byte.</param>
/// <param name="Bytes">How many bytes of it are this frame's (bytesused).</param>
/// <param name="Sequence">The driver's frame counter, from 0 after the stream starts; a gap is a lost frame.</param>
/// <param name="Timestamp_us">When it was captured: CLOCK_MONOTONIC, microseconds.</param>
/// <param name="Error">V4L2_BUF_FLAG_ERROR: the picture is damaged.</param>
public readonly record struct CapturedFrame(int Index, nint Address, int Bytes, uint Sequence, long Timestamp_us, bool Error);
