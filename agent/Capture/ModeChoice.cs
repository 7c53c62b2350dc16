using System.Globalization;
using ThatDam.Agent.Devices;
using ThatDam.Contract;

namespace ThatDam.Agent.Capture;

/// <summary>
/// Chooses a mode among those that a device describes: what was asked for, else its best. Best is a format that needs no encoder; then the
/// largest size that reaches 30 frames per second, at the least such rate; where none does, the fastest, then the largest. Between equals
/// what encoders take as it is decides, then the driver's order. Pure.
/// </summary>
public static class ModeChoice
{
    /// <summary>Frames per second that count as 30: 29.97 does.</summary>
    private const double SmoothFps = 29.5;

    /// <summary>How far a rate may be from the one that was asked for: 30 asks for 29.97 too.</summary>
    private const double RateTolerance = 0.01;

    private static readonly string[] Compressed = ["MJPG", "JPEG", "H264", "HEVC"];

    /// <summary>Raw formats that encoders take with little or no conversion: 8 bits a sample, 4:2:0 before 4:2:2.</summary>
    private static readonly string[] Natural = ["NV12", "YU12", "YUYV", "UYVY", "YV12", "YVYU", "VYUY", "NM12", "YM12"];

    /// <summary>Whether a format can be kept as it comes, without an encoder.</summary>
    public static bool IsCompressed(string format) => Compressed.Contains(format);

    /// <summary>Whether a rate is the one that was asked for.</summary>
    public static bool IsRate(double asked, double fps) => Math.Abs(asked - fps) <= asked * RateTolerance;

    /// <summary>The mode to ask the driver for. What it really sets must be read back.</summary>
    /// <exception cref="ProblemException">403 <c>device_denied</c> when the daemon may not open it; 422 <c>mode_unavailable</c> when the device describes no such mode; the nearest ones are named.</exception>
    public static ChosenMode Choose(Device device, ModeRequest request)
    {
        List<ChosenMode> fitting = [.. device.Modes.SelectMany(mode => Offers(mode, request))];
        if (fitting.Count == 0)
            throw Unavailable(device, request, $"{device.Node} has no mode {Words(request)}.");
        var best = fitting.Where(mode => IsCompressed(mode.Format)).ToList();
        if (best.Count == 0)
            best = fitting;
        var smooth = best.Where(mode => mode.Fps >= SmoothFps).ToList();
        IOrderedEnumerable<ChosenMode> ranked;
        if (request.Fps is { } asked)
            ranked = best.OrderByDescending(Area).ThenBy(mode => Math.Abs(mode.Fps - asked));
        else if (smooth.Count > 0)
            ranked = smooth.OrderByDescending(Area).ThenBy(mode => mode.Fps);
        else
            ranked = best.OrderByDescending(mode => mode.Fps).ThenByDescending(Area);
        return ranked.ThenBy(mode => Array.IndexOf(Natural, mode.Format) is >= 0 and var place ? place : Natural.Length).First();
    }

    /// <summary>What a device that is asked for nothing would be set to; null where it describes no mode.</summary>
    public static ChosenMode? Default(Device device) => device.Modes.Count == 0 ? null : Choose(device, new ModeRequest());

    /// <summary>Told when a driver, asked for a mode that it describes, set another.</summary>
    internal static ProblemException Refused(Device device, ModeRequest request, CaptureMode got) => Unavailable(
        device,
        request,
        $"{device.Node} was asked for a mode {Words(request)}; its driver set "
        + $"{got.Format} {got.Width}x{got.Height} {(got.Fps > 0 ? string.Create(CultureInfo.InvariantCulture, $"at {Math.Round(got.Fps, 3)} fps") : "and does not say its rate")}.");

    /// <summary>The modes of one entry that fit the request: its rates, at its size or at one in its range.</summary>
    private static IEnumerable<ChosenMode> Offers(DeviceMode mode, ModeRequest request)
    {
        if (request.Formats is { } formats && !formats.Contains(mode.Format))
            return [];
        var (width, height) = SizeIn(mode, request);
        if ((request.Width ?? width) != width || (request.Height ?? height) != height)
            return [];
        return RatesIn(mode, request)
            .Where(fps => request.Fps is not { } asked || IsRate(asked, fps))
            .Select(fps => new ChosenMode(mode.Format, width, height, fps));
    }

    /// <summary>Of a range, whose largest size means nothing, the nearest to what was asked for, else to 1920x1080.</summary>
    private static (int Width, int Height) SizeIn(DeviceMode mode, ModeRequest request) => mode.Range is not { } range
        ? (mode.Width, mode.Height)
        : (Nearest(request.Width ?? 1920, mode.Width, range.MaxWidth, range.StepWidth), Nearest(request.Height ?? 1080, mode.Height, range.MaxHeight, range.StepHeight));

    private static int Nearest(int wanted, int min, int max, int step) =>
        min + ((Math.Clamp(wanted, min, Math.Max(min, max)) - min) / Math.Max(step, 1) * Math.Max(step, 1));

    private static IReadOnlyList<double> RatesIn(DeviceMode mode, ModeRequest request)
    {
        if (mode.Rates.Count == 0)
            return [0]; // not said; an answer to no question
        return mode.RateRange ? [Math.Clamp(request.Fps ?? 30, mode.Rates[^1], mode.Rates[0])] : mode.Rates;
    }

    private static long Area(ChosenMode mode) => (long)mode.Width * mode.Height;

    private static ProblemException Unavailable(Device device, ModeRequest request, string detail)
    {
        if (device.Denied)
            return DeviceProblems.Denied(device.Node);
        if (device.Modes.Count == 0)
            return new ProblemException(422, "mode_unavailable", "No such mode", $"{device.Node} describes no mode at all.", device.Problem ?? "Is something connected to it?");
        var area = (long)(request.Width ?? 0) * (request.Height ?? 0);
        var nearest = device.Modes
            .OrderBy(mode => request.Formats?.Contains(mode.Format) == false)
            .ThenBy(mode => area == 0 ? 0 : Math.Abs(((long)mode.Width * mode.Height) - area))
            .ThenBy(mode => request.Fps is { } fps && mode.Rates.Count > 0 ? mode.Rates.Min(rate => Math.Abs(rate - fps)) : 0)
            .Take(4)
            .Select(Words);
        return new ProblemException(422, "mode_unavailable", "No such mode", detail,
            $"The nearest are: {string.Join("; ", nearest)}. All of them: damctl devices show {device.ShortName}");
    }

    private static string Words(ModeRequest request)
    {
        List<string> asked = [];
        if (request.Formats is { Count: > 0 } formats)
            asked.Add(formats.Count == 1 ? formats[0] : $"in one of {string.Join(", ", formats)}");
        if (request.Width is not null || request.Height is not null)
            asked.Add($"of {request.Width?.ToString(CultureInfo.InvariantCulture) ?? "any"}x{request.Height?.ToString(CultureInfo.InvariantCulture) ?? "any"}");
        if (request.Fps is { } fps)
            asked.Add(string.Create(CultureInfo.InvariantCulture, $"at {fps} fps"));
        return asked.Count == 0 ? "of any kind" : string.Join(' ', asked);
    }

    private static string Words(DeviceMode mode)
    {
        var size = mode.Range is { } range ? $"{mode.Width}x{mode.Height} to {range.MaxWidth}x{range.MaxHeight}" : $"{mode.Width}x{mode.Height}";
        var rates = string.Join(mode.RateRange ? " to " : "/", mode.Rates.Select(rate => rate.ToString(CultureInfo.InvariantCulture)));
        return mode.Rates.Count == 0 ? $"{mode.Format} {size}" : $"{mode.Format} {size} at {rates} fps";
    }
}

/// <summary>One mode out of a device's list.</summary>
/// <param name="Format">The fourcc.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Fps">Frames per second; 0 where the driver does not say.</param>
public sealed record ChosenMode(string Format, int Width, int Height, double Fps);
