using ThatDam.Contract;

namespace ThatDam.Cli.Doctor;

/// <summary>Two cameras have one serial number: only their ports tell them apart.</summary>
internal static class TwinFinding
{
    public static IEnumerable<Finding> Of(Examination found, DeviceSummary device)
    {
        // One device may have two cameras, as those with an infrared one do: they have one place too.
        string[] twins =
        [
            .. found.All.Where(other => other.Serial is { Length: > 0 } serial && serial == device.Serial && other.StableId != device.StableId && other.Bus != device.Bus
                && other.Name == device.Name).Select(Examination.Subject),
        ];
        if (twins.Length > 0)
        {
            yield return new Finding(
                Examination.Subject(device), Severity.Info, "another camera has its serial number", $"{device.Serial} is that of {string.Join(", ", twins)} too, so ports tell them apart",
                "keep each in its port; in [Camera:…] match them by port: or id:, not by serial:");
        }
    }
}
