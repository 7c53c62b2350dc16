using System.Text;
using ThatDam.Native.Errors;
using ThatDam.Native.V4L2.Raw;

namespace ThatDam.Native.V4L2;

/// <summary>
/// A video node that is open. Its calls may be made from any thread; the kernel makes them one by one. Everything it returns is a copy,
/// but for <see cref="BufferQueue"/>. After ENODEV, unplugged, every call throws that: dispose it.
/// </summary>
public sealed partial class VideoDevice : IDisposable
{
    private VideoDevice(string path, VideoDescriptor descriptor)
    {
        Path = path;
        Descriptor = descriptor;
    }

    /// <summary>The path it was opened by.</summary>
    public string Path { get; }

    /// <summary>To wait on. Owned by this.</summary>
    public VideoDescriptor Descriptor { get; }

    /// <summary>Opens a node for reading and writing, non-blocking, close-on-exec. Several may have one node open; one may stream.</summary>
    /// <exception cref="NativeException">ENOENT: no such node. EACCES: no permission. EBUSY: the driver allows one opener. ENODEV: unplugged.</exception>
    public static VideoDevice Open(string path) => new(path, VideoDescriptor.Open(path));

    /// <summary>What the node says of itself: VIDIOC_QUERYCAP.</summary>
    /// <exception cref="NativeException">ENOTTY: it is no video node.</exception>
    public unsafe DeviceCapability QueryCapability()
    {
        v4l2_capability raw = default;
        Require("VIDIOC_QUERYCAP", Requests.VIDIOC_QUERYCAP, ref raw);
        var physical = (VideoCapabilities)raw.capabilities;
        return new DeviceCapability(
            Text(new ReadOnlySpan<byte>(raw.driver, 16)),
            Text(new ReadOnlySpan<byte>(raw.card, 32)),
            Text(new ReadOnlySpan<byte>(raw.bus_info, 32)),
            new Version((int)(raw.version >> 16), (int)(raw.version >> 8 & 0xff), (int)(raw.version & 0xff)),
            physical.HasFlag(VideoCapabilities.DeviceCaps) ? (VideoCapabilities)raw.device_caps : physical,
            physical);
    }

    /// <summary>The pixel formats of one queue, in the driver's order: VIDIOC_ENUM_FMT. Empty when the node has no such queue.</summary>
    public unsafe IReadOnlyList<PixelFormatDescription> EnumerateFormats(BufferType type)
    {
        var formats = new List<PixelFormatDescription>();
        while (true)
        {
            var raw = new v4l2_fmtdesc { index = (uint)formats.Count, type = (uint)type };
            if (!TryRequire("VIDIOC_ENUM_FMT", Requests.VIDIOC_ENUM_FMT, ref raw))
                return formats;
            formats.Add(new PixelFormatDescription(
                new Fourcc(raw.pixelformat), Text(new ReadOnlySpan<byte>(raw.description, 32)), (PixelFormatFlags)raw.flags));
        }
    }

    /// <summary>The picture sizes of one pixel format: VIDIOC_ENUM_FRAMESIZES. <see cref="FrameRangeKind.None"/> when the driver lists none.</summary>
    public FrameSizes EnumerateFrameSizes(Fourcc format)
    {
        var discrete = new List<FrameSize>();
        while (true)
        {
            var raw = new v4l2_frmsizeenum { index = (uint)discrete.Count, pixel_format = format.Value };
            if (!TryRequire("VIDIOC_ENUM_FRAMESIZES", Requests.VIDIOC_ENUM_FRAMESIZES, ref raw))
                return discrete.Count == 0 ? FrameSizes.None : new FrameSizes(FrameRangeKind.Discrete, discrete, null);
            if ((FrameSizeType)raw.type == FrameSizeType.Discrete)
            {
                discrete.Add(new FrameSize(raw.discrete.width, raw.discrete.height));
                continue;
            }

            var range = raw.stepwise;
            var kind = (FrameSizeType)raw.type == FrameSizeType.Continuous ? FrameRangeKind.Continuous : FrameRangeKind.Stepwise;
            return new FrameSizes(
                kind,
                [],
                new FrameSizeRange(range.min_width, range.max_width, range.step_width, range.min_height, range.max_height, range.step_height));
        }
    }

    /// <summary>
    /// The frame intervals of one pixel format and size: VIDIOC_ENUM_FRAMEINTERVALS. <see cref="FrameRangeKind.None"/> when the driver
    /// lists none.
    /// </summary>
    public FrameIntervals EnumerateFrameIntervals(Fourcc format, uint width, uint height)
    {
        var discrete = new List<Fraction>();
        while (true)
        {
            var raw = new v4l2_frmivalenum { index = (uint)discrete.Count, pixel_format = format.Value, width = width, height = height };
            if (!TryRequire("VIDIOC_ENUM_FRAMEINTERVALS", Requests.VIDIOC_ENUM_FRAMEINTERVALS, ref raw))
                return discrete.Count == 0 ? FrameIntervals.None : new FrameIntervals(FrameRangeKind.Discrete, discrete, null);
            if ((FrameIntervalType)raw.type == FrameIntervalType.Discrete)
            {
                discrete.Add(FromRaw(raw.discrete));
                continue;
            }

            var continuous = (FrameIntervalType)raw.type == FrameIntervalType.Continuous;
            return new FrameIntervals(
                continuous ? FrameRangeKind.Continuous : FrameRangeKind.Stepwise,
                [],
                new FrameIntervalRange(FromRaw(raw.stepwise.min), FromRaw(raw.stepwise.max), FromRaw(raw.stepwise.step), continuous));
        }
    }

    /// <summary>The format that is set: VIDIOC_G_FMT.</summary>
    /// <exception cref="NativeException">EINVAL, ENOTTY: no such queue.</exception>
    public VideoFormat GetFormat(BufferType type)
    {
        v4l2_format raw = new() { type = (uint)type };
        Require("VIDIOC_G_FMT", Requests.VIDIOC_G_FMT, ref raw);
        return VideoFormat.FromRaw(raw);
    }

    /// <summary>Sets a format: VIDIOC_S_FMT. Returns what the driver made of it, which may differ in anything: size, pixel format, stride.</summary>
    /// <exception cref="NativeException">EBUSY: buffers are requested, or another streams. EINVAL: no such queue or pixel format.</exception>
    public VideoFormat SetFormat(BufferType type, VideoFormat format)
    {
        var raw = format.ToRaw(type);
        Require("VIDIOC_S_FMT", Requests.VIDIOC_S_FMT, ref raw);
        return VideoFormat.FromRaw(raw);
    }

    /// <summary>What <see cref="SetFormat"/> would make of a format, with nothing changed: VIDIOC_TRY_FMT. Null when the driver cannot try.</summary>
    public VideoFormat? TryFormat(BufferType type, VideoFormat format)
    {
        var raw = format.ToRaw(type);
        return TryRequire("VIDIOC_TRY_FMT", Requests.VIDIOC_TRY_FMT, ref raw) ? VideoFormat.FromRaw(raw) : null;
    }

    /// <summary>How often a queue delivers: VIDIOC_G_PARM. Null when the driver does not say.</summary>
    public StreamParameters? GetParameters(BufferType type)
    {
        v4l2_streamparm raw = new() { type = (uint)type };
        return TryRequire("VIDIOC_G_PARM", Requests.VIDIOC_G_PARM, ref raw) ? FromRaw(raw.parm.capture) : null;
    }

    /// <summary>
    /// Sets the frame interval, in seconds per frame: VIDIOC_S_PARM. Returns what the driver made of it, the nearest it has; null when it
    /// cannot set one. Set the format first: S_FMT resets it.
    /// </summary>
    /// <exception cref="NativeException">EBUSY: it streams.</exception>
    public StreamParameters? SetFrameInterval(BufferType type, Fraction interval)
    {
        v4l2_streamparm raw = new() { type = (uint)type };
        raw.parm.capture.timeperframe = new v4l2_fract { numerator = interval.Numerator, denominator = interval.Denominator };
        return TryRequire("VIDIOC_S_PARM", Requests.VIDIOC_S_PARM, ref raw) ? FromRaw(raw.parm.capture) : null;
    }

    /// <summary>Asks for buffers and maps them: VIDIOC_REQBUFS, VIDIOC_QUERYBUF, mmap(2). The driver may give more or fewer.</summary>
    /// <exception cref="NativeException">EBUSY: another has them. ENOMEM. EINVAL, ENOTTY: no such queue, or no streaming.</exception>
    public BufferQueue RequestBuffers(BufferType type, int count) => BufferQueue.Request(this, type, count);

    /// <summary>Closes it. A <see cref="BufferQueue"/> of it keeps the node open until it is disposed too.</summary>
    public void Dispose() => Descriptor.Dispose();

    /// <summary>Calls, and throws for every errno.</summary>
    internal void Require<T>(string call, uint request, ref T argument)
        where T : unmanaged
    {
        var errno = Call(request, ref argument);
        if (errno != Errno.None)
            throw new NativeException(call, Path, errno);
    }

    private Errno Call<T>(uint request, ref T argument)
        where T : unmanaged
    {
        using var lease = Descriptor.Lease();
        return VideoIoctl.Call(lease.Fd, request, ref argument);
    }

    /// <summary>Calls; false for the errnos that mean "there is none": EINVAL, ENOTTY, ENODATA. Throws for the others.</summary>
    private bool TryRequire<T>(string call, uint request, ref T argument)
        where T : unmanaged => Call(request, ref argument) switch
        {
            Errno.None => true,
            Errno.EINVAL or Errno.ENOTTY or Errno.ENODATA => false,
            var errno => throw new NativeException(call, Path, errno),
        };

    private static Fraction FromRaw(v4l2_fract raw) => new(raw.numerator, raw.denominator);

    private static StreamParameters FromRaw(in v4l2_captureparm raw) =>
        new((raw.capability & ParameterConstants.V4L2_CAP_TIMEPERFRAME) != 0, FromRaw(raw.timeperframe), raw.readbuffers);

    /// <summary>A name as the driver gave it, up to its NUL; bytes that are no UTF-8 become U+FFFD.</summary>
    private static string Text(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
