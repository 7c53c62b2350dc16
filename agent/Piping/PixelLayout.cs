using System.Collections.Frozen;

namespace ThatDam.Agent.Piping;

/// <summary>
/// How a V4L2 format's bytes lie without padding, and NUT's name for it. A format that is not here cannot be carried. Sources:
/// &lt;linux/videodev2.h&gt;; libavformat/nut.c and libavcodec/raw.c for the tags.
/// </summary>
public sealed class PixelLayout
{
    private static readonly FrozenDictionary<string, PixelLayout> All = new PixelLayout[]
    {
        Packed("YUYV", "YUY2", 16), Packed("UYVY", "UYVY", 16), Packed("YVYU", "YVYU", 16),
        Packed("GREY", "Y800", 8), Packed("RGB3", "RGB\u0018", 24), Packed("BGR3", "BGR\u0018", 24),
        Planar("YU12", "I420", (1, 1), (2, 2), (2, 2)), Planar("422P", "422P", (1, 1), (2, 1), (2, 1)),
        Planar("NV12", "NV12", (1, 1), (1, 2)), Planar("NV21", "NV21", (1, 1), (1, 2)), Planar("NV16", "NV16", (1, 1), (1, 1)),
        Compressed("MJPG", "MJPG"), Compressed("JPEG", "MJPG"), Compressed("H264", "H264"), Compressed("HEVC", "HEVC"),
    }.ToFrozenDictionary(layout => layout.Fourcc);

    private readonly int _bitsPerPixel;
    private readonly (int Across, int Down)[] _planes;

    private PixelLayout(string fourcc, string nutTag, int bitsPerPixel, params (int Across, int Down)[] planes)
    {
        Fourcc = fourcc;
        NutTag = [.. nutTag.Select(letter => (byte)letter)];
        _bitsPerPixel = bitsPerPixel;
        _planes = planes;
    }

    /// <summary>V4L2's fourcc.</summary>
    public string Fourcc { get; }

    /// <summary>The codec tag in the NUT stream header.</summary>
    public byte[] NutTag { get; }

    /// <summary>Whether frames are compressed, of any length, with no rows.</summary>
    public bool IsCompressed => _planes.Length == 0;

    /// <summary>The layout of a fourcc; null when it cannot be carried.</summary>
    public static PixelLayout? Find(string fourcc) => All.GetValueOrDefault(fourcc);

    /// <summary>Every fourcc that can be carried.</summary>
    public static IReadOnlyCollection<string> Fourccs => All.Keys;

    private static PixelLayout Packed(string fourcc, string nutTag, int bitsPerPixel) => new(fourcc, nutTag, bitsPerPixel, (1, 1));

    private static PixelLayout Planar(string fourcc, string nutTag, params (int Across, int Down)[] planes) => new(fourcc, nutTag, 8, planes);

    private static PixelLayout Compressed(string fourcc, string nutTag) => new(fourcc, nutTag, 0);

    /// <summary>Bytes of a row of the first plane.</summary>
    public int PackedStride(int width) => width * _bitsPerPixel / 8;

    /// <summary>The planes, in the order in which they lie.</summary>
    public IEnumerable<PixelPlane> Planes(int width, int height) => _planes.Select(plane =>
        new PixelPlane(PackedStride((width + plane.Across - 1) / plane.Across), (height + plane.Down - 1) / plane.Down));

    /// <summary>Bytes of a whole picture; 0 for compressed formats.</summary>
    public int FrameBytes(int width, int height) => Planes(width, height).Sum(plane => plane.RowBytes * plane.Rows);
}

/// <summary>One plane of a picture without padding.</summary>
/// <param name="RowBytes">Bytes of a row.</param>
/// <param name="Rows">Rows.</param>
public readonly record struct PixelPlane(int RowBytes, int Rows);
