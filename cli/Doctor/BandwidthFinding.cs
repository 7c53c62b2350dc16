using ThatDam.Cli.Output;
using ThatDam.Contract;

namespace ThatDam.Cli.Doctor;

/// <summary>A camera found no room on its USB bus.</summary>
internal static class BandwidthFinding
{
    private const string Words = "USB bandwidth";

    public static IEnumerable<Finding> Of(Examination found, DeviceSummary device)
    {
        if (found.Said(device, Words) is not { } cause)
            yield break;
        string[] others =
        [
            .. found.All.Where(other => other.StableId != device.StableId && other.Streaming is not null && Controller(other) == Controller(device))
                .Select(other => $"{Examination.Subject(other)} with {ModeText.Streaming(other.Streaming!.Format, other.Streaming.Width, other.Streaming.Height, other.Streaming.Fps)}"),
        ];
        yield return new Finding(
            Examination.Subject(device), Severity.Error, "no USB bandwidth left for it",
            others.Length == 0 ? cause : $"{cause}\non its host controller stream {string.Join(", ", others)}",
            "record it in a mode that needs less (--size, --fps), or plug it into a port of another host controller: `lsusb -t` shows which are which");
    }

    /// <summary>Whether the daemon found no bandwidth for it.</summary>
    public static bool Applies(Examination found, DeviceSummary device) => found.Said(device, Words) is not null;

    // Of v4l2_capability.bus_info, usb-0000:00:14.0-1.2, without the port.
    private static string Controller(DeviceSummary device) =>
        device.Bus is { } bus && bus.StartsWith("usb-", StringComparison.Ordinal) && bus.LastIndexOf('-') is > 3 and var dash ? bus[..dash] : device.StableId;
}
