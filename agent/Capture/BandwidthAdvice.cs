using ThatDam.Agent.Devices;

namespace ThatDam.Agent.Capture;

/// <summary>Which mode of a camera needs less of a USB bus than its best one. Pure.</summary>
internal static class BandwidthAdvice
{
    private const double CompressedBitsPerPixel = 2; // MJPEG of a usual quality, and more than H.264 needs

    /// <summary>The best mode that needs at most half of what the default mode does, compressed ones first; null where there is none.</summary>
    public static ChosenMode? Mode(Device device)
    {
        if (ModeChoice.Default(device) is not { } best)
            return null;
        var limit = Need(best) / 2;
        return device.Modes
            .SelectMany(mode => mode.Rates.Where(fps => fps > 0).Select(fps => new ChosenMode(mode.Format, mode.Width, mode.Height, fps)))
            .Where(mode => Need(mode) <= limit)
            .OrderByDescending(mode => ModeChoice.IsCompressed(mode.Format))
            .ThenByDescending(mode => (long)mode.Width * mode.Height)
            .ThenByDescending(mode => mode.Fps)
            .FirstOrDefault();
    }

    /// <summary>Bits a second, about.</summary>
    internal static double Need(ChosenMode mode) => mode.Width * (double)mode.Height * Math.Max(mode.Fps, 1) * BitsPerPixel(mode.Format);

    private static double BitsPerPixel(string format) => format switch
    {
        _ when ModeChoice.IsCompressed(format) => CompressedBitsPerPixel,
        "NV12" or "NV21" or "YU12" or "YV12" => 12,
        "GREY" => 8,
        "RGB3" or "BGR3" => 24,
        _ => 16,
    };
}
