using System.Globalization;

using ThatDam.Contract;

namespace ThatDam.Cli.Output;

/// <summary>Devices and their modes in words.</summary>
internal static class ModeText
{
    /// <summary>A width and a height.</summary>
    public static string Size(int width, int height) => string.Create(CultureInfo.InvariantCulture, $"{width}x{height}");

    /// <summary>A mode's size, or its range of sizes.</summary>
    public static string Size(DeviceMode mode) => mode.Range is { } range
        ? $"{Size(mode.Width, mode.Height)} to {Size(range.MaxWidth, range.MaxHeight)}" + Steps(range)
        : Size(mode.Width, mode.Height);

    /// <summary>A mode's rates.</summary>
    public static string Rates(DeviceMode mode) => mode.Rates.Count switch
    {
        0 => "rate unknown",
        _ when mode.RateRange => $"{Figures.Rate(mode.Rates.Min())} to {Figures.Rate(mode.Rates.Max())} fps",
        _ => $"{string.Join(", ", mode.Rates.Select(Figures.Rate))} fps",
    };

    /// <summary>A mode that is in use.</summary>
    public static string Streaming(string? format, int width, int height, double fps) =>
        $"{format ?? "?"} {Size(width, height)} at {Figures.Rate(fps)} fps";

    /// <summary>What the daemon would choose unasked.</summary>
    public static string Default(DeviceSummary device) => device.DefaultMode is not { } mode
        ? ""
        : $"{mode.Format} {Size(mode.Width, mode.Height)}" + (mode.Fps > 0 ? $" @{Figures.Rate(mode.Fps)}" : "");

    /// <summary>How a device's or a recording's state stands out.</summary>
    public static Style Style(string state) => state switch
    {
        "streaming" or "recording" => Output.Style.Green,
        "starting" or "stopping" or "finalising" or "opening" or "waiting" => Output.Style.Yellow,
        "closed" or "idle" or "stopped" => Output.Style.None,
        "offline" => Output.Style.Dim,
        _ => Output.Style.Red,
    };

    /// <summary>A device's state, or that it is not there.</summary>
    public static string State(DeviceSummary device) => IsOnline(device) ? device.State : device.Status;

    /// <summary>Whether it is there.</summary>
    public static bool IsOnline(DeviceSummary device) => device.Status == "online";

    /// <summary>The word for what is wrong with its signal; null where nothing is, or nothing is known.</summary>
    public static string? BadSignal(DeviceSummary device) => device.Signal is "ok" || !IsOnline(device) ? null : device.Signal;

    /// <summary>Its node, and its name if it has one.</summary>
    public static string Named(string node, string? alias) => alias is null ? node : $"{alias} ({node})";

    private static string Steps(SizeRange range) => range is { StepWidth: <= 1, StepHeight: <= 1 }
        ? ""
        : $" in steps of {Size(range.StepWidth, range.StepHeight)}";
}
