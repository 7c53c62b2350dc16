using System.Collections.Frozen;
using ThatDam.Native.V4L2;

namespace ThatDam.Agent.Capture;

/// <summary>
/// What a V4L2 format says of its colours, in ffmpeg's words. Defaults as the kernel maps them: V4L2_MAP_XFER_FUNC_DEFAULT,
/// V4L2_MAP_YCBCR_ENC_DEFAULT, V4L2_MAP_QUANTIZATION_DEFAULT of &lt;linux/videodev2.h&gt;. Pure.
/// </summary>
internal static class V4L2Colorimetry
{
    private static readonly FrozenSet<string> Rgb = new[]
    {
        "RGB3", "BGR3", "RGB4", "BGR4", "XR24", "AR24", "RX24", "RA24", "XB24", "AB24", "BX24", "BA24", "RGBP", "RGBR", "RGBO", "RGBQ", "RGB1", "R444", "BGRH",
    }.ToFrozenSet();

    /// <summary>
    /// H.264 and HEVC carry their own; JPEG is full range by its standard, whatever the driver says. RGB has neither range nor matrix: it
    /// gets them when it becomes Y'CbCr.
    /// </summary>
    public static Colorimetry Of(VideoFormat format)
    {
        var name = format.PixelFormat.ToString();
        if (name is "H264" or "HEVC" || format.ColorSpace == ColorSpace.Default)
            return Colorimetry.Unknown;
        var primaries = Primaries(format.ColorSpace);
        var transfer = Transfer(format.TransferFunction != TransferFunction.Default ? format.TransferFunction : DefaultTransfer(format.ColorSpace));
        if (name is "MJPG" or "JPEG")
            return new Colorimetry("pc", "smpte170m", primaries, transfer);
        if (Rgb.Contains(name))
            return new Colorimetry(null, null, primaries, transfer);
        var quantization = format.Quantization != Quantization.Default ? format.Quantization : DefaultQuantization(format.ColorSpace);
        return new Colorimetry(
            quantization == Quantization.FullRange ? "pc" : "tv",
            Matrix(format.YcbcrEncoding != YcbcrEncoding.Default ? format.YcbcrEncoding : DefaultEncoding(format.ColorSpace)),
            primaries,
            transfer);
    }

    private static TransferFunction DefaultTransfer(ColorSpace space) => space switch
    {
        ColorSpace.Oprgb => TransferFunction.Oprgb,
        ColorSpace.Smpte240M => TransferFunction.Smpte240M,
        ColorSpace.DciP3 => TransferFunction.DciP3,
        ColorSpace.Raw => TransferFunction.Linear,
        ColorSpace.Srgb or ColorSpace.Jpeg => TransferFunction.Srgb,
        _ => TransferFunction.Rec709,
    };

    private static YcbcrEncoding DefaultEncoding(ColorSpace space) => space switch
    {
        ColorSpace.Rec709 or ColorSpace.DciP3 => YcbcrEncoding.Rec709,
        ColorSpace.Bt2020 => YcbcrEncoding.Bt2020,
        ColorSpace.Smpte240M => YcbcrEncoding.Smpte240M,
        _ => YcbcrEncoding.Bt601,
    };

    private static Quantization DefaultQuantization(ColorSpace space) => space == ColorSpace.Jpeg ? Quantization.FullRange : Quantization.LimitedRange;

    private static string? Primaries(ColorSpace space) => space switch
    {
        ColorSpace.Smpte170M => "smpte170m",
        ColorSpace.Smpte240M => "smpte240m",
        ColorSpace.Rec709 or ColorSpace.Srgb or ColorSpace.Jpeg => "bt709",
        ColorSpace.System470M => "bt470m",
        ColorSpace.System470BG => "bt470bg",
        ColorSpace.Bt2020 => "bt2020",
        ColorSpace.DciP3 => "smpte431",
        _ => null, // opRGB has no word in ffmpeg, raw has no primaries
    };

    private static string? Matrix(YcbcrEncoding encoding) => encoding switch
    {
        YcbcrEncoding.Bt601 or YcbcrEncoding.Xv601 or YcbcrEncoding.Sycc => "smpte170m",
        YcbcrEncoding.Rec709 or YcbcrEncoding.Xv709 => "bt709",
        YcbcrEncoding.Bt2020 => "bt2020nc",
        YcbcrEncoding.Bt2020ConstantLuminance => "bt2020c",
        YcbcrEncoding.Smpte240M => "smpte240m",
        _ => null,
    };

    private static string? Transfer(TransferFunction function) => function switch
    {
        TransferFunction.Rec709 => "bt709",
        TransferFunction.Srgb => "iec61966-2-1",
        TransferFunction.Oprgb => "gamma22",
        TransferFunction.Smpte240M => "smpte240m",
        TransferFunction.Linear => "linear",
        TransferFunction.DciP3 => "smpte428",
        TransferFunction.Smpte2084 => "smpte2084",
        _ => null,
    };
}
