using System.Runtime.CompilerServices;
using ThatDam.Native.Errors;
using ThatDam.Native.V4L2.Raw;

namespace ThatDam.Native.V4L2;

/// <summary>A buffer as it came from the driver. Source: VIDIOC_DQBUF, struct v4l2_buffer.</summary>
public readonly struct VideoBuffer
{
    private readonly PlaneFills _planes;

    internal VideoBuffer(in v4l2_buffer raw, in Planes planes, bool multiplanar)
    {
        Index = (int)raw.index;
        Flags = (BufferFlags)raw.flags;
        Clock = (TimestampClock)(raw.flags & BufferConstants.V4L2_BUF_FLAG_TIMESTAMP_MASK);
        Sequence = raw.sequence;
        Timestamp_us = (long)raw.timestamp.tv_sec * 1_000_000 + raw.timestamp.tv_usec;
        Field = (FieldOrder)raw.field;
        if (!multiplanar)
        {
            PlaneCount = 1;
            _planes[0] = new PlaneFill((int)raw.bytesused, 0);
            return;
        }

        PlaneCount = Math.Clamp((int)raw.length, 1, FormatConstants.VIDEO_MAX_PLANES);
        for (var i = 0; i < PlaneCount; i++)
            _planes[i] = new PlaneFill((int)planes[i].bytesused, (int)planes[i].data_offset);
    }

    /// <summary>Which buffer it is.</summary>
    public int Index { get; }

    /// <summary>How many memory planes it has.</summary>
    public int PlaneCount { get; }

    /// <summary>Bytes used of plane 0, from its very start: they include <see cref="DataOffset"/>.</summary>
    public int BytesUsed => _planes[0].BytesUsed;

    /// <summary>Where in plane 0 the picture begins, in bytes.</summary>
    public int DataOffset => _planes[0].DataOffset;

    /// <summary>What the driver says of it.</summary>
    public BufferFlags Flags { get; }

    /// <summary>The driver's frame counter; restarts at 0 after STREAMON. A gap is a lost frame.</summary>
    public uint Sequence { get; }

    /// <summary>When it was captured, in microseconds of <see cref="Clock"/>.</summary>
    public long Timestamp_us { get; }

    /// <summary>Which clock <see cref="Timestamp_us"/> was read from.</summary>
    public TimestampClock Clock { get; }

    /// <summary>How its lines follow each other.</summary>
    public FieldOrder Field { get; }

    /// <summary>V4L2_BUF_FLAG_ERROR: the picture is damaged, the stream goes on.</summary>
    public bool IsError => (Flags & BufferFlags.Error) != 0;

    /// <summary>How much of a plane is used.</summary>
    public PlaneFill Plane(int plane)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(plane);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(plane, PlaneCount);
        return _planes[plane];
    }

    [InlineArray(FormatConstants.VIDEO_MAX_PLANES)]
    private struct PlaneFills
    {
        private PlaneFill _first;
    }
}

/// <summary>How much of a buffer's memory plane is used. Source: struct v4l2_plane.</summary>
/// <param name="BytesUsed">Bytes used, from the plane's very start.</param>
/// <param name="DataOffset">Where in it the picture begins, in bytes.</param>
public readonly record struct PlaneFill(int BytesUsed, int DataOffset);

/// <summary>What the driver says of a buffer. Source: V4L2_BUF_FLAG_*.</summary>
[Flags]
[CHeader("linux/videodev2.h", Name = "V4L2_BUF_FLAG_")]
public enum BufferFlags : uint
{
    None = 0,
    Mapped = 0x00000001,
    Queued = 0x00000002,
    Done = 0x00000004,
    [CHeader("linux/videodev2.h", Name = "V4L2_BUF_FLAG_KEYFRAME")]
    KeyFrame = 0x00000008,
    /// <summary>The picture is damaged; the stream goes on.</summary>
    Error = 0x00000040,
    /// <summary>The timestamp is the start of exposure, not the end of the frame.</summary>
    [CHeader("linux/videodev2.h", Name = "V4L2_BUF_FLAG_TSTAMP_SRC_SOE")]
    StartOfExposure = 0x00010000,
    /// <summary>The driver has no more after it.</summary>
    Last = 0x00100000,
}

/// <summary>Which clock a timestamp was read from. Source: V4L2_BUF_FLAG_TIMESTAMP_*.</summary>
[CHeader("linux/videodev2.h", Name = "V4L2_BUF_FLAG_TIMESTAMP_")]
public enum TimestampClock : uint
{
    /// <summary>Not known.</summary>
    Unknown = 0x00000000,

    /// <summary>CLOCK_MONOTONIC.</summary>
    Monotonic = 0x00002000,

    /// <summary>Whatever was queued on the output side: v4l2loopback's writer, a decoder.</summary>
    Copy = 0x00004000,
}
