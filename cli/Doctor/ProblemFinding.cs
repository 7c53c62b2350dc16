using ThatDam.Contract;

namespace ThatDam.Cli.Doctor;

/// <summary>A device could not be read, for a reason that only the daemon knows.</summary>
internal static class ProblemFinding
{
    public static IEnumerable<Finding> Of(Examination found, DeviceSummary device)
    {
        if (device.Problem is not { } problem || PermissionFinding.Applies(found, device) || HolderFinding.Applies(found, device) || BandwidthFinding.Applies(found, device))
            yield break;

        // As the daemon writes it: what and why, then what to do.
        int end = problem.IndexOf(". ", StringComparison.Ordinal);
        yield return new Finding(
            Examination.Subject(device), Severity.Error, "it could not be read in full",
            end < 0 ? problem : problem[..(end + 1)],
            end < 0 ? $"plug it in again, then `damctl devices show {device.Id}`; the kernel's log (`sudo dmesg`) may say more" : problem[(end + 2)..]);
    }
}
