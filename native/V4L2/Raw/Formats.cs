using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ThatDam.Native.Errors;

namespace ThatDam.Native.V4L2.Raw;

[CHeader("linux/videodev2.h")]
internal unsafe struct v4l2_fmtdesc
{
    public uint index;
    public uint type;
    public uint flags;
    public fixed byte description[32];
    public uint pixelformat;
    public uint mbus_code;
    public fixed uint reserved[3];
}

[CHeader("linux/videodev2.h")]
internal struct v4l2_pix_format
{
    public uint width;
    public uint height;
    public uint pixelformat;
    public uint field;
    public uint bytesperline;
    public uint sizeimage;
    public uint colorspace;
    public uint priv;
    public uint flags;
    public uint ycbcr_enc;
    public uint quantization;
    public uint xfer_func;
}

[CHeader("linux/videodev2.h")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct v4l2_plane_pix_format
{
    public uint sizeimage;
    public uint bytesperline;
    public fixed ushort reserved[6];
}

[InlineArray(FormatConstants.VIDEO_MAX_PLANES)]
internal struct PlanePixFormats
{
    private v4l2_plane_pix_format _first;
}

[CHeader("linux/videodev2.h")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct v4l2_pix_format_mplane
{
    public uint width;
    public uint height;
    public uint pixelformat;
    public uint field;
    public uint colorspace;
    public PlanePixFormats plane_fmt;
    public byte num_planes;
    public byte flags;
    public byte ycbcr_enc;
    public byte quantization;
    public byte xfer_func;
    public fixed byte reserved[7];
}

[CHeader("linux/videodev2.h")]
internal struct v4l2_format
{
    public uint type;
    public Union fmt;

    [StructLayout(LayoutKind.Explicit)]
    internal unsafe struct Union
    {
        [FieldOffset(0)]
        public v4l2_pix_format pix;

        [FieldOffset(0)]
        public v4l2_pix_format_mplane pix_mp;

        [FieldOffset(0)]
        public fixed byte raw_data[200];

        // v4l2_window holds pointers, and so aligns the union as one.
        [FieldOffset(0)]
        private readonly nint _pointer;
    }
}

[CHeader("linux/videodev2.h")]
internal static class FormatConstants
{
    public const int VIDEO_MAX_PLANES = 8;
    public const uint V4L2_PIX_FMT_PRIV_MAGIC = 0xfeedcafe;
}
