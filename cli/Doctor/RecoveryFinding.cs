using ThatDam.Cli.Output;
using ThatDam.Contract;

namespace ThatDam.Cli.Doctor;

/// <summary>A camera has stopped, or had to be helped.</summary>
internal static class RecoveryFinding
{
    public static IEnumerable<Finding> Of(Examination found, DeviceSummary device)
    {
        if (found.Camera(device) is not { } camera || !ModeText.IsOnline(device) || HolderFinding.Applies(found, device) || BandwidthFinding.Applies(found, device))
            yield break;
        string? rungs = CameraText.Counts(camera.Recovery);
        string tried = rungs is null ? "" : $"; tried so far: {rungs}";
        string why = $"{camera.Reason ?? "the daemon does not say why"}; since {found.Moment(camera.Since)}{tried}";
        switch (camera.State)
        {
            case "stalled" or "lost":
                yield return new Finding(
                    Examination.Subject(device), Severity.Warning, camera.State == "stalled" ? "its frames have stopped" : "its stream has ended", why,
                    "the daemon starts its stream again, opens it again and resets it on its USB bus by itself. If it happens often: another cable, another port, "
                    + "a hub with power of its own; `sudo dmesg` says what its driver saw");
                break;
            case "waiting":
                yield return new Finding(
                    Examination.Subject(device), Severity.Warning, "a recording waits for it", why,
                    $"the recording goes on by itself when the cause is gone; `damctl record stop {device.Id}` ends the waiting");
                break;
            case "closed" when camera.Reason is not null:
                yield return new Finding(
                    Examination.Subject(device), Severity.Warning, "it could not be opened when it was last tried", why, $"try it: `damctl record start {device.Id} --duration 2s --wait`");
                break;
            default:
                if (rungs is not null)
                {
                    yield return new Finding(
                        Examination.Subject(device), Severity.Info, "it had to be helped since the daemon's start", rungs,
                        "if it goes on: another cable, another port, a hub with power of its own");
                }

                break;
        }
    }
}
