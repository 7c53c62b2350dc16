using System.Runtime.CompilerServices;
using ThatDam.Native.Errors;
using ThatDam.Native.V4L2.Raw;
using Tmds.Linux;

namespace ThatDam.Native.V4L2;

/// <summary>
/// The buffers of one queue, mapped into memory. A buffer is the driver's from <see cref="Queue"/> until <see cref="TryDequeue"/> returns
/// it; its memory stays mapped until disposal. Queueing and dequeueing allocate nothing and may be done from several threads; disposing
/// may not overlap with anything. Not disposed, it leaks its mappings and its descriptor.
/// </summary>
public sealed unsafe class BufferQueue : IDisposable
{
    private readonly VideoDescriptor _descriptor;
    private readonly int _fd;
    private readonly string _path;
    private readonly bool _multiplanar;
    private Mapping[][] _buffers = [];
    private bool _givenUp;
    private bool _disposed;

    private BufferQueue(VideoDevice device, BufferType type)
    {
        _descriptor = device.Descriptor;
        var taken = false;
        _descriptor.DangerousAddRef(ref taken);
        _fd = (int)_descriptor.DangerousGetHandle();
        _path = device.Path;
        Type = type;
        _multiplanar = type.IsMultiplanar();
    }

    /// <summary>Which queue it is.</summary>
    public BufferType Type { get; }

    /// <summary>How many buffers the driver gave.</summary>
    public int Count => _buffers.Length;

    /// <summary>Whether <see cref="StreamOn"/> was the last of the two.</summary>
    public bool IsStreaming { get; private set; }

    internal static BufferQueue Request(VideoDevice device, BufferType type, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var queue = new BufferQueue(device, type);
        try
        {
            queue.Map(queue.RequestCount(count));
            return queue;
        }
        catch
        {
            queue.Dispose();
            throw;
        }
    }

    /// <summary>How many memory planes a buffer has.</summary>
    public int PlaneCount(int index) => _buffers[index].Length;

    /// <summary>Where a buffer's plane begins. Valid until disposal.</summary>
    public nint Address(int index, int plane = 0) => _buffers[index][plane].Address;

    /// <summary>The size of a buffer's plane, in bytes.</summary>
    public int Length(int index, int plane = 0) => _buffers[index][plane].Length;

    /// <summary>Gives a buffer to the driver: VIDIOC_QBUF.</summary>
    /// <exception cref="NativeException">ENODEV: unplugged. EINVAL: the driver has it already.</exception>
    [SkipLocalsInit]
    public void Queue(int index)
    {
        Planes planes;
        var buffer = Describe(index, &planes);
        for (var i = 0; _multiplanar && i < _buffers[index].Length; i++)
            planes[i] = default;
        Require("VIDIOC_QBUF", Requests.VIDIOC_QBUF, ref buffer);
    }

    /// <summary>
    /// Takes the next filled buffer from the driver: VIDIOC_DQBUF. False when none is filled. A damaged one
    /// (<see cref="VideoBuffer.IsError"/>) is returned like another.
    /// </summary>
    /// <exception cref="NativeException">
    /// ENODEV: unplugged. EINVAL: not streaming. EIO: the stream failed; stop it and start anew. EPIPE: the last buffer was taken.
    /// </exception>
    [SkipLocalsInit]
    public bool TryDequeue(out VideoBuffer dequeued)
    {
        ObjectDisposedException.ThrowIf(_givenUp, this);
        Planes planes;
        var buffer = Describe(0, &planes);
        if (_multiplanar)
        {
            buffer.length = FormatConstants.VIDEO_MAX_PLANES;
            planes = default;
        }

        var errno = VideoIoctl.Call(_fd, Requests.VIDIOC_DQBUF, ref buffer);
        if (errno != Errno.None)
        {
            dequeued = default;
            return errno == Errno.EAGAIN ? false : throw new NativeException("VIDIOC_DQBUF", _path, errno);
        }

        dequeued = new VideoBuffer(buffer, planes, _multiplanar);
        return true;
    }

    /// <summary>Starts the stream: VIDIOC_STREAMON. Queue buffers first.</summary>
    /// <exception cref="NativeException">ENOSPC: not enough USB bandwidth, not disk. EBUSY: another streams. EIO, EPROTO: the device does not answer. ENOLINK: no signal.</exception>
    public void StreamOn()
    {
        var type = (int)Type;
        Require("VIDIOC_STREAMON", Requests.VIDIOC_STREAMON, ref type);
        IsStreaming = true;
    }

    /// <summary>Stops the stream: VIDIOC_STREAMOFF. Every buffer is ours again; those that were filled and not taken are lost.</summary>
    /// <exception cref="NativeException">The device failed; ENODEV, unplugged, is no failure: it has stopped.</exception>
    public void StreamOff()
    {
        ObjectDisposedException.ThrowIf(_givenUp, this);
        IsStreaming = false;
        var type = (int)Type;
        var errno = VideoIoctl.Call(_fd, Requests.VIDIOC_STREAMOFF, ref type);
        if (errno is not (Errno.None or Errno.ENODEV))
            throw new NativeException("VIDIOC_STREAMOFF", _path, errno);
    }

    /// <summary>
    /// A descriptor, close-on-exec, by which others map a plane for reading: VIDIOC_EXPBUF. The memory outlives this queue as long as it
    /// is open.
    /// </summary>
    /// <exception cref="NativeException">ENOTTY: the driver cannot. EMFILE.</exception>
    public DmaBufDescriptor ExportBuffer(int index, int plane = 0)
    {
        v4l2_exportbuffer raw = new()
        {
            type = (uint)Type,
            index = (uint)index,
            plane = (uint)plane,
            flags = (uint)(LibC.O_CLOEXEC | LibC.O_RDONLY),
        };
        Require("VIDIOC_EXPBUF", Requests.VIDIOC_EXPBUF, ref raw);
        return new DmaBufDescriptor(raw.fd);
    }

    /// <summary>
    /// Stops the stream and gives the buffers up, so that another may request some; what is mapped stays readable until disposal, and
    /// nothing but <see cref="Address"/>, <see cref="Length"/> and <see cref="Dispose"/> may be called. Never throws. Kernels before 4.20
    /// keep the buffers while they are mapped (V4L2_BUF_CAP_SUPPORTS_ORPHANED_BUFS): there the device is free after disposal.
    /// </summary>
    public void GiveUp()
    {
        if (_givenUp)
            return;
        _givenUp = true;
        IsStreaming = false;
        StopAndFree();
        _descriptor.DangerousRelease();
    }

    /// <summary>Stops the stream, unmaps the buffers and gives them back. Never throws: an unplugged device has nothing to give back to.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        IsStreaming = false;
        if (!_givenUp)
        {
            var type = (int)Type;
            _ = VideoIoctl.Call(_fd, Requests.VIDIOC_STREAMOFF, ref type);
        }

        foreach (var buffer in _buffers)
        {
            foreach (var mapping in buffer)
            {
                if (mapping.Address != 0)
                    _ = LibC.munmap((void*)mapping.Address, mapping.Length);
            }
        }

        GiveUp();
        _buffers = [];
    }

    private void StopAndFree()
    {
        var type = (int)Type;
        _ = VideoIoctl.Call(_fd, Requests.VIDIOC_STREAMOFF, ref type);
        if (_buffers.Length == 0)
            return;
        v4l2_requestbuffers none = new() { type = (uint)Type, memory = BufferConstants.V4L2_MEMORY_MMAP };
        _ = VideoIoctl.Call(_fd, Requests.VIDIOC_REQBUFS, ref none);
    }

    private int RequestCount(int count)
    {
        v4l2_requestbuffers raw = new() { count = (uint)count, type = (uint)Type, memory = BufferConstants.V4L2_MEMORY_MMAP };
        Require("VIDIOC_REQBUFS", Requests.VIDIOC_REQBUFS, ref raw);
        return raw.count == 0 ? throw new NativeException("VIDIOC_REQBUFS", _path, Errno.ENOMEM) : (int)raw.count;
    }

    private void Map(int count)
    {
        _buffers = new Mapping[count][];
        Array.Fill(_buffers, []);
        for (var index = 0; index < count; index++)
        {
            Planes planes = default;
            v4l2_buffer raw = new() { index = (uint)index, type = (uint)Type, memory = BufferConstants.V4L2_MEMORY_MMAP };
            if (_multiplanar)
            {
                raw.m.planes = (v4l2_plane*)&planes;
                raw.length = FormatConstants.VIDEO_MAX_PLANES;
            }

            Require("VIDIOC_QUERYBUF", Requests.VIDIOC_QUERYBUF, ref raw);
            var mappings = _buffers[index] = new Mapping[_multiplanar ? Math.Clamp((int)raw.length, 1, FormatConstants.VIDEO_MAX_PLANES) : 1];
            for (var plane = 0; plane < mappings.Length; plane++)
            {
                mappings[plane] = _multiplanar
                    ? MapPlane(planes[plane].length, planes[plane].m.mem_offset)
                    : MapPlane(raw.length, raw.m.offset);
            }
        }
    }

    private Mapping MapPlane(uint length, uint offset)
    {
        var address = LibC.mmap(null, length, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_SHARED, _fd, offset);
        return address == LibC.MAP_FAILED ? throw NativeException.Last("mmap", _path) : new Mapping((nint)address, (int)length);
    }

    private v4l2_buffer Describe(int index, Planes* planes)
    {
        v4l2_buffer buffer = default;
        buffer.index = (uint)index;
        buffer.type = (uint)Type;
        buffer.memory = BufferConstants.V4L2_MEMORY_MMAP;
        if (_multiplanar)
        {
            buffer.m.planes = (v4l2_plane*)planes;
            buffer.length = (uint)_buffers[index].Length;
        }

        return buffer;
    }

    private void Require<T>(string call, uint request, ref T argument)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_givenUp, this);
        var errno = VideoIoctl.Call(_fd, request, ref argument);
        if (errno != Errno.None)
            throw new NativeException(call, _path, errno);
    }

    private readonly record struct Mapping(nint Address, int Length);
}
