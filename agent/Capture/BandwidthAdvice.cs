using System.Globalization;
using ThatDam.Agent.Devices;

namespace ThatDam.Agent.Capture;

/// <summary>Another camera that streams on the same USB bus.</summary>
/// <param name="Device">The camera.</param>
/// <param name="Mode">What it streams.</param>
internal sealed record BusNeighbour(Device Device, CaptureMode Mode);

/// <summary>What to do about a USB bus that is full: who streams on it, and which mode of the camera needs less. Pure.</summary>
internal static class BandwidthAdvice
{
    // Cameras that compress reserve about so much of what the raw picture of 4:2:2 would take.
    private const double CompressedShare = 0.15;

    // Reservations are made in steps: a little less is often the same.
    private const double ClearlyLess = 0.75;

    /// <summary>What happened, naming the others and a mode that fits.</summary>
    /// <param name="device">The camera that found none.</param>
    /// <param name="wanted">The mode that was refused; null where it is not known.</param>
    /// <param name="others">Who streams on its bus.</param>
    public static string Detail(Device device, CaptureMode? wanted, IReadOnlyList<BusNeighbour> others)
    {
        var bus = device.UsbBus is { } name ? $"its USB bus ({name})" : "its USB bus";
        var why = others.Count == 0
            ? "No other camera streams there for this daemon; one of another process may."
            : $"Others stream there: {string.Join("; ", others.Select(other => $"{Named(other.Device)}, {Words(other.Mode.Format, other.Mode.Width, other.Mode.Height, other.Mode.Fps)}"))}.";
        var less = wanted is not null && Lesser(device, wanted) is { } mode ? $" A mode that needs less: {Words(mode.Format, mode.Width, mode.Height, mode.Fps)} ({Options(mode)})." : "";
        return $"{device.Node} found not enough USB bandwidth on {bus}. {why}{less}";
    }

    /// <summary>What to do.</summary>
    /// <param name="device">The camera that found none.</param>
    /// <param name="wanted">The mode that was refused; null where it is not known.</param>
    public static string Remedy(Device device, CaptureMode? wanted)
    {
        var ask = wanted is null || Lesser(device, wanted) is not { } mode
            ? "Ask for a smaller size, a lower rate or a compressed format (MJPG)"
            : $"Ask for a mode that needs less ({Options(mode)})";
        return $"{ask}, stop another camera on that bus, or plug this one into another host controller.";
    }

    /// <summary>The richest mode that needs clearly less than the one refused: a compressed one if there is one, then the larger, then the faster.</summary>
    internal static ChosenMode? Lesser(Device device, CaptureMode wanted)
    {
        var limit = Need(wanted.Format, wanted.Width, wanted.Height, wanted.Fps) * ClearlyLess;
        return device.Modes
            .SelectMany(mode => (mode.Rates.Count == 0 ? [0] : mode.Rates).Select(fps => new ChosenMode(mode.Format, mode.Width, mode.Height, fps)))
            .Where(mode => Need(mode.Format, mode.Width, mode.Height, mode.Fps) <= limit)
            .OrderByDescending(mode => ModeChoice.IsCompressed(mode.Format))
            .ThenByDescending(mode => (long)mode.Width * mode.Height <= (long)wanted.Width * wanted.Height)
            .ThenByDescending(mode => (long)mode.Width * mode.Height)
            .ThenByDescending(mode => wanted.Fps == 0 || mode.Fps <= wanted.Fps * 1.01)
            .ThenByDescending(mode => mode.Fps)
            .FirstOrDefault();
    }

    /// <summary>Bytes per second, roughly. An unknown rate counts as 30.</summary>
    private static double Need(string format, int width, int height, double fps) =>
        (double)width * height * (fps > 0 ? fps : 30) * (ModeChoice.IsCompressed(format) ? 2 * CompressedShare : BytesPerPixel(format));

    private static double BytesPerPixel(string format) => format switch
    {
        "NV12" or "NV21" or "YU12" or "YV12" or "NM12" or "YM12" or "M420" => 1.5,
        "GREY" or "Y8" or "Y800" or "BA81" or "GBRG" or "GRBG" or "RGGB" => 1,
        "RGB3" or "BGR3" => 3,
        "RGB4" or "BGR4" or "XR24" or "AR24" => 4,
        _ => 2,
    };

    // A rate that is not known is not asked for.
    private static string Options(ChosenMode mode) => string.Create(
        CultureInfo.InvariantCulture, $"--size {mode.Width}x{mode.Height}{(mode.Fps > 0 ? $" --fps {Math.Round(mode.Fps, 3).ToString(CultureInfo.InvariantCulture)}" : "")}");

    private static string Named(Device device) => device.Alias is { } alias ? $"{alias} ({device.Node})" : device.Node;

    private static string Words(string format, int width, int height, double fps) => string.Create(
        CultureInfo.InvariantCulture, $"{format} {width}x{height}{(fps > 0 ? $" at {Math.Round(fps, 3).ToString(CultureInfo.InvariantCulture)} fps" : "")}");
}
