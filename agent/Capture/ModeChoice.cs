using System.Globalization;
using ThatDam.Agent.Devices;
using ThatDam.Contract;

namespace ThatDam.Agent.Capture;

/// <summary>
/// Chooses a mode among those that a device describes: what was asked for, else its best: a format that needs no encoder first, then the
/// largest size that reaches 30 frames per second, then the higher rate. Pure.
/// </summary>
public static class ModeChoice
{
    private const double SmoothFps = 30;
    private static readonly string[] Compressed = ["H264", "HEVC", "MJPG", "JPEG"];

    /// <summary>The mode to ask the driver for. What it really sets must be read back.</summary>
    /// <exception cref="ProblemException">422 when the device describes no such mode; the nearest ones are named.</exception>
    public static ChosenMode Choose(Device device, ModeRequest request)
    {
        var all = device.Modes.SelectMany(mode => mode.Rates.Select(rate => new ChosenMode(mode.Format, mode.Width, mode.Height, rate))).ToList();
        var formats = request.Formats;
        var best = all
            .Where(mode => formats is null || formats.Contains(mode.Format))
            .Where(mode => request.Width is null || mode.Width == request.Width)
            .Where(mode => request.Height is null || mode.Height == request.Height)
            .Where(mode => request.Fps is not { } fps || Math.Abs(mode.Fps - fps) <= fps / 100)
            .OrderBy(mode => FormatRank(mode.Format))
            .ThenByDescending(mode => mode.Fps >= SmoothFps - 0.5)
            .ThenByDescending(mode => (long)mode.Width * mode.Height)
            // Of the rates of that size the least that is smooth: a doubled rate is asked for, not stumbled upon.
            .ThenBy(mode => mode.Fps >= SmoothFps - 0.5 ? mode.Fps : -mode.Fps)
            .FirstOrDefault();
        return best ?? throw Unavailable(device, request);
    }

    private static int FormatRank(string format) => Compressed.Contains(format) ? 0 : 1;

    private static ProblemException Unavailable(Device device, ModeRequest request)
    {
        var asked = string.Join(' ', new[]
        {
            request.Formats is null ? null : string.Join('/', request.Formats),
            request.Width is null ? null : $"{request.Width}x{request.Height}",
            request.Fps is not { } fps ? null : string.Create(CultureInfo.InvariantCulture, $"at {fps} fps"),
        }.Where(part => part is not null));
        var offered = device.Modes
            .OrderBy(mode => Math.Abs(((long)mode.Width * mode.Height) - ((long)(request.Width ?? 0) * (request.Height ?? 0))))
            .Take(4)
            .Select(mode => string.Create(CultureInfo.InvariantCulture, $"{mode.Format} {mode.Width}x{mode.Height} at {string.Join('/', mode.Rates)} fps"));
        return new ProblemException(
            422, "mode_unavailable", "No such mode", $"{device.Node} has no mode {asked}.",
            device.Modes.Count == 0 ? "It describes no mode at all." : $"It has, among others: {string.Join("; ", offered)}. All: damctl devices show {device.ShortName}");
    }
}

/// <summary>One mode out of a device's list.</summary>
/// <param name="Format">The fourcc.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Fps">Frames per second.</param>
public sealed record ChosenMode(string Format, int Width, int Height, double Fps);
