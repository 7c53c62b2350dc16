using System.Diagnostics;
using System.Runtime.InteropServices;
using ThatDam.Agent.Devices;
using ThatDam.Contract;
using ThatDam.Native.Descriptors;

namespace ThatDam.Agent.Capture;

/// <summary>
/// A built-in camera that makes its own pictures (<see cref="CodedPattern"/>) at a steady rate, by a timer descriptor in place of a
/// driver. Behaves as a driver does: with no buffer queued, a frame is lost and the sequence shows a gap.
/// </summary>
internal sealed unsafe class VirtualCamera : IFrameSource
{
    private const int PageBytes = 4096;
    private const long FirstPicture_ns = 1_000_000;

    private readonly TimerDescriptor _timer = TimerDescriptor.Create();
    private readonly CodedPattern _pattern;
    private readonly byte*[] _buffers;
    private readonly uint?[] _painted;
    private readonly Queue<int> _queued = new();
    private uint _sequence;
    private bool _disposed;

    private VirtualCamera(CaptureMode mode, int buffers)
    {
        Mode = mode;
        _pattern = new CodedPattern(mode.Width, mode.Height);
        _buffers = new byte*[buffers];
        _painted = new uint?[buffers];
        for (var i = 0; i < buffers; i++)
        {
            _buffers[i] = (byte*)NativeMemory.AlignedAlloc((nuint)((mode.FrameBytes + PageBytes - 1) / PageBytes * PageBytes), PageBytes);
            _pattern.PaintGround(_buffers[i]);
        }
    }

    /// <summary>Opens one in the mode asked for, or its best.</summary>
    /// <exception cref="ProblemException">422 when it has no such mode.</exception>
    public static VirtualCamera Open(Device device, ModeRequest request, int buffers)
    {
        var choice = ModeChoice.Choose(device, request);
        var rate = Math.Round(choice.Fps, 3);
        return new VirtualCamera(
            new CaptureMode
            {
                Format = choice.Format,
                Width = choice.Width,
                Height = choice.Height,
                Stride = choice.Width * 2,
                FrameBytes = choice.Width * choice.Height * 2,
                IntervalNumerator = 1000,
                IntervalDenominator = (int)Math.Round(rate * 1000),
                Color = new Colorimetry("tv", "smpte170m", "bt709", "iec61966-2-1"),
            },
            buffers);
    }

    /// <inheritdoc/>
    public CaptureMode Mode { get; }

    /// <inheritdoc/>
    public int BufferCount => _buffers.Length;

    /// <inheritdoc/>
    public bool LeavesBuffersAlone => true;

    /// <inheritdoc/>
    public Descriptor Readiness => _timer;

    /// <inheritdoc/>
    public nint BufferAddress(int index) => (nint)_buffers[index];

    /// <inheritdoc/>
    public void Start() => Restart(_ => false);

    /// <inheritdoc/>
    public void Restart(Func<int, bool> isOut)
    {
        _sequence = 0;
        _queued.Clear();
        foreach (var index in Enumerable.Range(0, _buffers.Length).Where(index => !isOut(index)))
            _queued.Enqueue(index);
        _timer.Arm((long)(1e9 / Mode.Fps), FirstPicture_ns);
    }

    /// <inheritdoc/>
    public bool TryDequeue(out CapturedFrame frame)
    {
        frame = default;
        var due = _timer.TakeExpirations();
        if (due == 0)
            return false;
        _sequence += (uint)(due - 1);
        var sequence = _sequence++;
        if (!_queued.TryDequeue(out var index))
            return false;
        var now_us = Monotonic_us();
        _pattern.PaintFrame(_buffers[index], _painted[index], sequence, now_us);
        _painted[index] = sequence;
        frame = new CapturedFrame(index, (nint)_buffers[index], Mode.FrameBytes, sequence, now_us, Error: false);
        return true;
    }

    // Stopwatch counts nanoseconds of CLOCK_MONOTONIC on Linux.
    private static long Monotonic_us() => Stopwatch.GetTimestamp() / 1000;

    /// <inheritdoc/>
    public void Queue(int index) => _queued.Enqueue(index);

    /// <inheritdoc/>
    public void Stop() => _timer.Arm(0, 0);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _timer.Dispose();
        foreach (var buffer in _buffers)
            NativeMemory.AlignedFree(buffer);
    }
}
