using ThatDam.Agent.Capture;
using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;

namespace ThatDam.Agent.Tests.Recording;

/// <summary>FAKE: the built-in virtual camera, which a test unplugs, silences or takes the signal from, as no real one does on demand.</summary>
internal sealed class FaultyCamera(VirtualCamera camera) : IFrameSource
{
    private volatile Errno _errno;
    private volatile bool _silent;
    private volatile string? _signal;

    public CaptureMode Mode => camera.Mode;

    public int BufferCount => camera.BufferCount;

    public bool LeavesBuffersAlone => camera.LeavesBuffersAlone;

    public Descriptor Readiness => camera.Readiness;

    /// <summary>The driver says that it is gone (ENODEV).</summary>
    public void Unplug() => _errno = Errno.ENODEV;

    /// <summary>No frame comes any more; what is wrong with the signal, in a word, or null.</summary>
    public void Silence(string? signal = null) => (_signal, _silent) = (signal, true);

    public nint BufferAddress(int index) => camera.BufferAddress(index);

    public void Start() => camera.Start();

    public bool TryDequeue(out CapturedFrame frame)
    {
        frame = default;
        if (_errno != default)
            throw new NativeException("VIDIOC_DQBUF", "/dev/video0", _errno);
        if (!_silent)
            return camera.TryDequeue(out frame);
        camera.Stop();
        return false;
    }

    public void Queue(int index) => camera.Queue(index);

    public void Restart(Func<int, bool> isOut)
    {
    }

    public string? SignalProblem() => _signal;

    public void Stop() => camera.Stop();

    public void Dispose() => camera.Dispose();
}
