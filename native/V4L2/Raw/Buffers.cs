using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ThatDam.Native.Errors;

namespace ThatDam.Native.V4L2.Raw;

[CHeader("sys/time.h", Name = "struct timeval")]
internal struct TimeValue
{
    public nint tv_sec;
    public nint tv_usec;
}

[CHeader("time.h", Name = "struct timespec")]
internal struct TimeSpecification
{
    public nint tv_sec;
    public nint tv_nsec;
}

[CHeader("linux/videodev2.h")]
internal unsafe struct v4l2_timecode
{
    public uint type;
    public uint flags;
    public byte frames;
    public byte seconds;
    public byte minutes;
    public byte hours;
    public fixed byte userbits[4];
}

[CHeader("linux/videodev2.h")]
internal unsafe struct v4l2_requestbuffers
{
    public uint count;
    public uint type;
    public uint memory;
    public uint capabilities;
    public byte flags;
    public fixed byte reserved[3];
}

[CHeader("linux/videodev2.h")]
internal unsafe struct v4l2_plane
{
    public uint bytesused;
    public uint length;
    public Memory m;
    public uint data_offset;
    public fixed uint reserved[11];

    [StructLayout(LayoutKind.Explicit)]
    internal struct Memory
    {
        [FieldOffset(0)]
        public uint mem_offset;

        [FieldOffset(0)]
        public nuint userptr;

        [FieldOffset(0)]
        public int fd;
    }
}

[InlineArray(FormatConstants.VIDEO_MAX_PLANES)]
internal struct Planes
{
    private v4l2_plane _first;
}

[CHeader("linux/videodev2.h")]
internal unsafe struct v4l2_buffer
{
    public uint index;
    public uint type;
    public uint bytesused;
    public uint flags;
    public uint field;
    public TimeValue timestamp;
    public v4l2_timecode timecode;
    public uint sequence;
    public uint memory;
    public Memory m;
    public uint length;
    public uint reserved2;
    public int request_fd;

    [StructLayout(LayoutKind.Explicit)]
    internal struct Memory
    {
        [FieldOffset(0)]
        public uint offset;

        [FieldOffset(0)]
        public nuint userptr;

        [FieldOffset(0)]
        public v4l2_plane* planes;

        [FieldOffset(0)]
        public int fd;
    }
}

[CHeader("linux/videodev2.h")]
internal unsafe struct v4l2_exportbuffer
{
    public uint type;
    public uint index;
    public uint plane;
    public uint flags;
    public int fd;
    public fixed uint reserved[11];
}

[CHeader("linux/videodev2.h")]
internal static class BufferConstants
{
    public const uint V4L2_MEMORY_MMAP = 1;
    public const uint V4L2_BUF_FLAG_TIMESTAMP_MASK = 0x0000e000;
}
