using ThatDam.Native.Errors;
using ThatDam.Native.V4L2.Raw;

namespace ThatDam.Native.V4L2;

/// <summary>
/// The picture a queue carries, single- or multi-planar. As a wish (<see cref="VideoDevice.SetFormat"/>) it needs size and pixel format
/// alone: what is left out the driver chooses. Source: struct v4l2_pix_format, struct v4l2_pix_format_mplane.
/// </summary>
public sealed record VideoFormat
{
    /// <summary>Pixels.</summary>
    public required uint Width { get; init; }

    /// <summary>Pixels.</summary>
    public required uint Height { get; init; }

    /// <summary>How a pixel lies in memory, or how the picture is compressed.</summary>
    public required Fourcc PixelFormat { get; init; }

    /// <summary>How lines follow each other; <see cref="FieldOrder.Any"/> in a wish leaves it to the driver.</summary>
    public FieldOrder Field { get; init; }

    /// <summary>The memory planes, at least one in what a driver returns; none in a wish leaves them to the driver.</summary>
    public IReadOnlyList<PlaneFormat> Planes { get; init; } = [];

    /// <summary>Bytes from one row to the next in the first plane; never assume it to be width × bytes. 0 for compressed formats.</summary>
    public uint BytesPerLine => Planes.Count == 0 ? 0 : Planes[0].BytesPerLine;

    /// <summary>The greatest number of bytes of one picture, all planes together.</summary>
    public uint SizeImage => (uint)Planes.Sum(plane => plane.SizeImage);

    /// <summary>The primaries, and the defaults of what follows.</summary>
    public ColorSpace ColorSpace { get; init; }

    /// <summary>How Y'CbCr comes from R'G'B'.</summary>
    public YcbcrEncoding YcbcrEncoding { get; init; }

    /// <summary>Full or limited range.</summary>
    public Quantization Quantization { get; init; }

    /// <summary>How light becomes numbers.</summary>
    public TransferFunction TransferFunction { get; init; }

    internal unsafe v4l2_format ToRaw(BufferType type)
    {
        v4l2_format raw = default;
        raw.type = (uint)type;
        if (type.IsMultiplanar())
        {
            ref var mplane = ref raw.fmt.pix_mp;
            mplane.width = Width;
            mplane.height = Height;
            mplane.pixelformat = PixelFormat.Value;
            mplane.field = (uint)Field;
            mplane.colorspace = (uint)ColorSpace;
            mplane.ycbcr_enc = (byte)YcbcrEncoding;
            mplane.quantization = (byte)Quantization;
            mplane.xfer_func = (byte)TransferFunction;
            mplane.num_planes = (byte)Math.Min(Planes.Count, FormatConstants.VIDEO_MAX_PLANES);
            for (var i = 0; i < mplane.num_planes; i++)
                mplane.plane_fmt[i] = new v4l2_plane_pix_format { bytesperline = Planes[i].BytesPerLine, sizeimage = Planes[i].SizeImage };
        }
        else
        {
            raw.fmt.pix = new v4l2_pix_format
            {
                width = Width,
                height = Height,
                pixelformat = PixelFormat.Value,
                field = (uint)Field,
                bytesperline = BytesPerLine,
                sizeimage = SizeImage,
                colorspace = (uint)ColorSpace,
                // Without it the kernel takes the members after priv for noise and clears them.
                priv = FormatConstants.V4L2_PIX_FMT_PRIV_MAGIC,
                ycbcr_enc = (uint)YcbcrEncoding,
                quantization = (uint)Quantization,
                xfer_func = (uint)TransferFunction,
            };
        }

        return raw;
    }

    internal static VideoFormat FromRaw(in v4l2_format raw)
    {
        if (((BufferType)raw.type).IsMultiplanar())
        {
            var mplane = raw.fmt.pix_mp;
            var planes = new PlaneFormat[Math.Clamp((int)mplane.num_planes, 1, FormatConstants.VIDEO_MAX_PLANES)];
            for (var i = 0; i < planes.Length; i++)
                planes[i] = new PlaneFormat(mplane.plane_fmt[i].bytesperline, mplane.plane_fmt[i].sizeimage);
            return new VideoFormat
            {
                Width = mplane.width,
                Height = mplane.height,
                PixelFormat = new Fourcc(mplane.pixelformat),
                Field = (FieldOrder)mplane.field,
                Planes = planes,
                ColorSpace = (ColorSpace)mplane.colorspace,
                YcbcrEncoding = (YcbcrEncoding)mplane.ycbcr_enc,
                Quantization = (Quantization)mplane.quantization,
                TransferFunction = (TransferFunction)mplane.xfer_func,
            };
        }

        var pix = raw.fmt.pix;
        return new VideoFormat
        {
            Width = pix.width,
            Height = pix.height,
            PixelFormat = new Fourcc(pix.pixelformat),
            Field = (FieldOrder)pix.field,
            Planes = [new PlaneFormat(pix.bytesperline, pix.sizeimage)],
            ColorSpace = (ColorSpace)pix.colorspace,
            YcbcrEncoding = (YcbcrEncoding)pix.ycbcr_enc,
            Quantization = (Quantization)pix.quantization,
            TransferFunction = (TransferFunction)pix.xfer_func,
        };
    }
}

/// <summary>One memory plane of a picture. Source: struct v4l2_plane_pix_format.</summary>
/// <param name="BytesPerLine">Bytes from one row to the next; 0 for compressed formats.</param>
/// <param name="SizeImage">The greatest number of bytes of the plane.</param>
public readonly record struct PlaneFormat(uint BytesPerLine, uint SizeImage);

/// <summary>How the lines of a picture follow each other. Source: enum v4l2_field.</summary>
[CHeader("linux/videodev2.h", Name = "V4L2_FIELD_")]
public enum FieldOrder : uint
{
    Any = 0,
    /// <summary>Progressive.</summary>
    [CHeader("linux/videodev2.h", Name = "V4L2_FIELD_NONE")]
    Progressive = 1,
    Top = 2,
    Bottom = 3,
    Interlaced = 4,
    SeqTb = 5,
    SeqBt = 6,
    Alternate = 7,
    InterlacedTb = 8,
    InterlacedBt = 9,
}
