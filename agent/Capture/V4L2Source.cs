using System.Diagnostics;
using ThatDam.Agent.Devices;
using ThatDam.Contract;
using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;
using ThatDam.Native.V4L2;

namespace ThatDam.Agent.Capture;

/// <summary>A V4L2 device that is open, in its mode, with its buffers mapped.</summary>
internal sealed class V4L2Source : IFrameSource
{
    private const long PlausibleAge_us = 2_000_000; // wall-clock time is years away from it

    private readonly VideoDevice _device;
    private readonly BufferQueue _queue;
    private readonly SourceSignal _signal;

    private V4L2Source(VideoDevice device, bool leavesBuffersAlone, SourceSignal signal, CaptureMode mode, BufferQueue queue) =>
        (_device, LeavesBuffersAlone, _signal, Mode, _queue) = (device, leavesBuffersAlone, signal, mode, queue);

    /// <inheritdoc/>
    public bool LeavesBuffersAlone { get; }

    /// <summary>
    /// Opens a device, sets the mode asked for or its best (VIDIOC_S_FMT, VIDIOC_S_PARM), reads back what the driver made of it, and maps
    /// buffers. The input that is chosen stays; a digital one is set to the signal that it receives. After an exception the device is closed
    /// again.
    /// </summary>
    /// <param name="device">The device, with its modes.</param>
    /// <param name="request">What it must be; <see cref="ModeRequest.Formats"/> names the formats that can be carried.</param>
    /// <param name="buffers">How many buffers to ask for; the driver may give another number.</param>
    /// <exception cref="ProblemException">
    /// 409 <c>no_signal</c>: its input receives nothing to record. 422 <c>mode_unavailable</c>: it has no such mode, or its driver set another.
    /// </exception>
    /// <exception cref="NativeException">
    /// EACCES: no permission. EBUSY: held by another process. ENODEV, ENXIO, ENOENT: unplugged. ENOMEM: no memory for the buffers.
    /// </exception>
    public static V4L2Source Open(Device device, ModeRequest request, int buffers)
    {
        if (device.Denied)
            throw DeviceProblems.Denied(device.Node);
        var type = device.Multiplanar ? BufferType.VideoCaptureMplane : BufferType.VideoCapture;
        var video = VideoDevice.Open(device.Node);
        try
        {
            var signal = SourceSignal.Lock(video, device, type);
            device = signal.Refreshed(device);
            var choice = ModeChoice.Choose(device, signal.Preferred(device, request));
            video.SetFormat(type, new VideoFormat
            {
                Width = (uint)choice.Width,
                Height = (uint)choice.Height,
                PixelFormat = Fourcc.Parse(choice.Format),
            });
            SetRate(video, type, choice.Fps);
            var mode = Read(video, type);
            if (!Meets(request, mode))
                throw ModeChoice.Refused(device, request, mode);
            signal.Streamed();
            return new V4L2Source(video, !device.IsLoopback, signal, mode, video.RequestBuffers(type, buffers));
        }
        catch
        {
            video.Dispose();
            throw;
        }
    }

    /// <summary>Asks for the driver's own interval that is nearest to a rate: 29.97 means 1001/30000.</summary>
    private static void SetRate(VideoDevice video, BufferType type, double fps)
    {
        if (fps <= 0 || video.GetParameters(type) is not { SupportsInterval: true })
            return;
        var set = video.GetFormat(type);
        var wanted = new Fraction(1000, (uint)Math.Round(fps * 1000));
        video.SetFrameInterval(type, video.EnumerateFrameIntervals(set.PixelFormat, set.Width, set.Height).Nearest(wanted) ?? wanted);
    }

    /// <summary>The mode that is set, from the driver's own mouth (VIDIOC_G_FMT, VIDIOC_G_PARM).</summary>
    private static CaptureMode Read(VideoDevice video, BufferType type)
    {
        var format = video.GetFormat(type);
        var name = format.PixelFormat.ToString();
        var rate = FrameRate.Current(video, type) ?? new Fraction(0, 0);
        return new CaptureMode
        {
            Format = name,
            Width = (int)format.Width,
            Height = (int)format.Height,
            Stride = ModeChoice.IsCompressed(name) ? 0 : (int)format.BytesPerLine,
            FrameBytes = (int)format.SizeImage,
            IntervalNumerator = (int)rate.Denominator,
            IntervalDenominator = (int)rate.Numerator,
            Planes = format.Planes.Count,
            Color = V4L2Colorimetry.Of(format),
        };
    }

    private static bool Meets(ModeRequest request, CaptureMode mode) =>
        request.Formats?.Contains(mode.Format) != false
        && (request.Width ?? mode.Width) == mode.Width
        && (request.Height ?? mode.Height) == mode.Height
        && (request.Fps is not { } fps || ModeChoice.IsRate(fps, mode.Fps));

    /// <inheritdoc/>
    public CaptureMode Mode { get; }

    /// <inheritdoc/>
    public int BufferCount => _queue.Count;

    /// <inheritdoc/>
    public Descriptor Readiness => _device.Descriptor;

    /// <inheritdoc/>
    public nint BufferAddress(int index) => _queue.Address(index);

    /// <inheritdoc/>
    public bool TellsChanges => _signal.TellsChanges;

    /// <inheritdoc/>
    public void Start() => Begin(_ => false);

    /// <inheritdoc/>
    public void Restart(Func<int, bool> isOut)
    {
        _queue.StreamOff();
        Begin(isOut);
    }

    private void Begin(Func<int, bool> isOut)
    {
        try
        {
            foreach (var index in Enumerable.Range(0, _queue.Count).Where(index => !isOut(index)))
                _queue.Queue(index);
            _queue.StreamOn();
        }
        catch (NativeException)
        {
            GiveBack();
            throw;
        }
    }

    // After a refused STREAMON the driver still has the buffers: another try would queue them twice.
    private void GiveBack()
    {
        try
        {
            _queue.StreamOff();
        }
        catch (NativeException)
        {
            // The first failure is the one to tell.
        }
    }

    /// <inheritdoc/>
    public string? SourceChange() => _signal.TakeChange();

    /// <inheritdoc/>
    public string? SignalProblem() => _signal.Fault();

    /// <inheritdoc/>
    public bool TryDequeue(out CapturedFrame frame)
    {
        if (!_queue.TryDequeue(out var buffer))
        {
            frame = default;
            return false;
        }
        var end = Math.Min(buffer.BytesUsed, _queue.Length(buffer.Index));
        var start = Math.Min(buffer.DataOffset, end);
        frame = new CapturedFrame(
            buffer.Index,
            _queue.Address(buffer.Index) + start,
            end - start,
            buffer.Sequence,
            CapturedAt_us(buffer.Clock, buffer.Timestamp_us, Monotonic_us()),
            buffer.IsError || end == start);
        return true;
    }

    /// <summary>
    /// When a frame was captured, CLOCK_MONOTONIC: the driver's word if it is of that clock; where it does not say of which
    /// (V4L2_BUF_FLAG_TIMESTAMP_UNKNOWN: v4l2loopback, old drivers), if it can be; else when it came.
    /// </summary>
    internal static long CapturedAt_us(TimestampClock clock, long timestamp_us, long now_us) =>
        clock == TimestampClock.Monotonic || (clock == TimestampClock.Unknown && Math.Abs(now_us - timestamp_us) < PlausibleAge_us) ? timestamp_us : now_us;

    // Stopwatch counts nanoseconds of CLOCK_MONOTONIC on Linux.
    private static long Monotonic_us() => Stopwatch.GetTimestamp() / 1000;

    /// <inheritdoc/>
    public void Queue(int index) => _queue.Queue(index);

    /// <inheritdoc/>
    public void Stop() => _queue.StreamOff();

    /// <inheritdoc/>
    public void GiveUp()
    {
        _queue.GiveUp();
        _device.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _queue.Dispose();
        _device.Dispose();
    }
}
