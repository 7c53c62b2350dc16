using System.Collections.Frozen;

namespace ThatDam.Agent.Piping;

/// <summary>
/// How a V4L2 format's bytes lie without padding, and NUT's name for it. A format that is not here cannot be carried. Sources:
/// &lt;linux/videodev2.h&gt;; libavformat/nut.c, libavformat/riff.c and libavcodec/raw.c for the tags.
/// </summary>
public sealed class PixelLayout
{
    // Some V4L2 names differ from others only in what their unused bits hold; those share a tag, and the bits are left unread.
    private static readonly FrozenDictionary<string, PixelLayout> All = new PixelLayout[]
    {
        Packed("YUYV", "YUY2", PixelKind.Yuv422, 16), Packed("UYVY", "UYVY", PixelKind.Yuv422, 16), Packed("YVYU", "YVYU", PixelKind.Yuv422, 16),
        Planar("422P", "422P", PixelKind.Yuv422, (1, 1), (2, 1), (2, 1)),
        Planar("411P", "Y41B", PixelKind.Yuv422, (1, 1), (4, 1), (4, 1)),
        Planar("YU12", "I420", PixelKind.Yuv420, (1, 1), (2, 2), (2, 2)), Planar("YV12", "YV12", PixelKind.Yuv420, (1, 1), (2, 2), (2, 2)),
        Planar("NV12", "NV12", PixelKind.Yuv420, (1, 1), (1, 2)), Planar("NV21", "NV21", PixelKind.Yuv420, (1, 1), (1, 2)),
        Planar("YUV9", "YUV9", PixelKind.Yuv420, (1, 1), (4, 4), (4, 4)), Planar("YVU9", "YVU9", PixelKind.Yuv420, (1, 1), (4, 4), (4, 4)),
        Packed("GREY", "Y800", PixelKind.Gray, 8), Packed("Y10 ", "Y1\0\u000a", PixelKind.Gray, 16),
        Packed("Y12 ", "Y1\0\u000c", PixelKind.Gray, 16), Packed("Y16 ", "Y1\0\u0010", PixelKind.Gray, 16),
        Packed("RGB3", "RGB\u0018", PixelKind.Rgb, 24), Packed("BGR3", "BGR\u0018", PixelKind.Rgb, 24),
        Packed("RGBP", "RGB\u0010", PixelKind.Rgb, 16), Packed("RGBR", "\u0010BGR", PixelKind.Rgb, 16),
        Packed("RGBO", "RGB\u000f", PixelKind.Rgb, 16), Packed("XR15", "RGB\u000f", PixelKind.Rgb, 16), Packed("AR15", "RGB\u000f", PixelKind.Rgb, 16),
        Packed("RGBQ", "\u000fBGR", PixelKind.Rgb, 16),
        Packed("R444", "RGB\u000c", PixelKind.Rgb, 16), Packed("XR12", "RGB\u000c", PixelKind.Rgb, 16), Packed("AR12", "RGB\u000c", PixelKind.Rgb, 16),
        Packed("XR24", "BGR\0", PixelKind.Rgb, 32), Packed("AR24", "BGR\0", PixelKind.Rgb, 32), Packed("BGR4", "BGR\0", PixelKind.Rgb, 32),
        Packed("BX24", "\0RGB", PixelKind.Rgb, 32), Packed("BA24", "\0RGB", PixelKind.Rgb, 32), Packed("RGB4", "\0RGB", PixelKind.Rgb, 32),
        Packed("XB24", "RGB\0", PixelKind.Rgb, 32), Packed("AB24", "RGB\0", PixelKind.Rgb, 32),
        Packed("RX24", "\0BGR", PixelKind.Rgb, 32), Packed("RA24", "\0BGR", PixelKind.Rgb, 32),
        Compressed("MJPG", "MJPG"), Compressed("JPEG", "MJPG"), Compressed("H264", "H264"), Compressed("HEVC", "HEVC"),
    }.ToFrozenDictionary(layout => layout.Fourcc);

    private readonly int _bitsPerPixel;
    private readonly (int Across, int Down)[] _planes;

    private PixelLayout(string fourcc, string nutTag, PixelKind kind, int bitsPerPixel, params (int Across, int Down)[] planes)
    {
        Fourcc = fourcc;
        NutTag = [.. nutTag.Select(letter => (byte)letter)];
        Kind = kind;
        _bitsPerPixel = bitsPerPixel;
        _planes = planes;
    }

    /// <summary>V4L2's fourcc.</summary>
    public string Fourcc { get; }

    /// <summary>The codec tag in the NUT stream header.</summary>
    public byte[] NutTag { get; }

    /// <summary>What its numbers are.</summary>
    public PixelKind Kind { get; }

    /// <summary>Whether frames are compressed, of any length, with no rows.</summary>
    public bool IsCompressed => Kind == PixelKind.Compressed;

    /// <summary>The layout of a fourcc; null when it cannot be carried.</summary>
    public static PixelLayout? Find(string fourcc) => All.GetValueOrDefault(fourcc);

    /// <summary>Every fourcc that can be carried.</summary>
    public static IReadOnlyCollection<string> Fourccs => All.Keys;

    private static PixelLayout Packed(string fourcc, string nutTag, PixelKind kind, int bitsPerPixel) => new(fourcc, nutTag, kind, bitsPerPixel, (1, 1));

    private static PixelLayout Planar(string fourcc, string nutTag, PixelKind kind, params (int Across, int Down)[] planes) =>
        new(fourcc, nutTag, kind, 8, planes);

    private static PixelLayout Compressed(string fourcc, string nutTag) => new(fourcc, nutTag, PixelKind.Compressed, 0);

    /// <summary>Bytes of a row of the first plane.</summary>
    public int PackedStride(int width) => width * _bitsPerPixel / 8;

    /// <summary>The planes, in the order in which they lie.</summary>
    public IEnumerable<PixelPlane> Planes(int width, int height) => _planes.Select(plane =>
        new PixelPlane(PackedStride((width + plane.Across - 1) / plane.Across), (height + plane.Down - 1) / plane.Down));

    /// <summary>Bytes of a whole picture; 0 for compressed formats.</summary>
    public int FrameBytes(int width, int height) => Planes(width, height).Sum(plane => plane.RowBytes * plane.Rows);
}

/// <summary>What a format's numbers are.</summary>
public enum PixelKind
{
    /// <summary>Luma, and chroma for every other pixel of a row, or fewer.</summary>
    Yuv422,

    /// <summary>Luma, and chroma for every other pixel of every other row, or fewer.</summary>
    Yuv420,

    /// <summary>Luma only.</summary>
    Gray,

    /// <summary>Red, green and blue.</summary>
    Rgb,

    /// <summary>A codec's own.</summary>
    Compressed,
}

/// <summary>One plane of a picture without padding.</summary>
/// <param name="RowBytes">Bytes of a row.</param>
/// <param name="Rows">Rows.</param>
public readonly record struct PixelPlane(int RowBytes, int Rows);
