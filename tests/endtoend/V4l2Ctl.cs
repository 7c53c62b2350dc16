using System.Globalization;
using System.Text.RegularExpressions;
using ThatDam.Contract;

namespace ThatDam.EndToEnd.Tests;

/// <summary>The modes that <c>v4l2-ctl --list-formats-ext</c> lists, as lines that can be compared: <c>YUYV 640x360 30.000</c>.</summary>
internal static partial class V4l2Ctl
{
    /// <summary>Those of one node.</summary>
    public static async Task<string[]> ModesAsync(string node)
    {
        var said = (await Command.RunAsync("v4l2-ctl", "-d", node, "--list-formats-ext")).MustSucceed();
        string format = "", size = "";
        var lines = new List<string>();
        foreach (var line in said.Stdout.Split('\n'))
        {
            if (Format().Match(line) is { Success: true } f)
                format = f.Groups[1].Value;
            else if (Size().Match(line) is { Success: true } s)
                size = s.Groups[1].Value;
            else if (Rate().Match(line) is { Success: true } r)
                lines.Add($"{format} {size} {r.Groups[1].Value}");
        }

        return [.. lines.Order(StringComparer.Ordinal)];
    }

    /// <summary>The same of one of our modes. vivid's webcam input has discrete sizes and rates alone.</summary>
    public static IEnumerable<string> Lines(DeviceMode mode) =>
        mode.Rates.Select(rate => string.Create(CultureInfo.InvariantCulture, $"{mode.Format} {mode.Width}x{mode.Height} {rate:F3}"));

    [GeneratedRegex(@"^\s*\[\d+\]: '(.{4}(?:-BE)?)'")]
    private static partial Regex Format();

    [GeneratedRegex(@"Size: Discrete (\d+x\d+)")]
    private static partial Regex Size();

    [GeneratedRegex(@"Interval: Discrete .*\(([\d.]+) fps\)")]
    private static partial Regex Rate();
}
