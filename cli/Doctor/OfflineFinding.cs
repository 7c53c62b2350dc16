using ThatDam.Cli.Output;
using ThatDam.Contract;

namespace ThatDam.Cli.Doctor;

/// <summary>A device that was here is not. Something is wrong with that where it was asked for by name, or has a name in the configuration.</summary>
internal static class OfflineFinding
{
    public static IEnumerable<Finding> Of(Examination found, DeviceSummary device)
    {
        if (ModeText.IsOnline(device))
            yield break;
        string waits = found.Camera(device)?.State == "waiting" ? "; a recording waits for it, and goes on by itself" : "";
        yield return new Finding(
            Examination.Subject(device),
            found.Named || device.Alias is not null || waits.Length > 0 ? Severity.Warning : Severity.Info,
            "it is not plugged in",
            $"{device.Name} was last seen at {found.Moment(device.LastSeen)}, as {device.StableId}",
            $"plug it in{waits}. If it is: another cable or port; `sudo dmesg` says whether the kernel sees it");
    }
}
