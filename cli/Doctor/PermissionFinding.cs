using System.Globalization;

using ThatDam.Contract;

namespace ThatDam.Cli.Doctor;

/// <summary>The daemon's user may not open a device.</summary>
internal static class PermissionFinding
{
    private const string Denied = "may not be opened by";

    public static IEnumerable<Finding> Of(Examination found, DeviceSummary device)
    {
        // The daemon may have gone meanwhile.
        if (Reason(found, device) is not var (owner, user, groups))
            yield break;
        string name = found.Machine.UserName(user);
        string group = found.Machine.GroupName(owner.Group);
        string bits = Convert.ToString(owner.Mode, 8).PadLeft(4, '0');
        bool byGroup = (owner.Mode >> 3 & 6) == 6;
        yield return new Finding(
            Examination.Subject(device), Severity.Error, "the daemon may not open it",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{device.Path} belongs to {found.Machine.UserName(owner.User)}:{group}, mode {bits}; the daemon runs as {name}, in the groups {string.Join(", ", groups.Distinct().Select(found.Machine.GroupName))}"),
            byGroup
                ? $"sudo usermod -aG {group} {name} && sudo systemctl restart thatdam-capture"
                : $"let its group read and write it, by a udev rule, and make {name} a member: the node of a camera is usually root:video, mode 0660");
    }

    /// <summary>Whether the daemon was denied it, and the node's bits are the reason; an access list (acl(5)) that grants more is believed, for then it is not denied.</summary>
    public static bool Applies(Examination found, DeviceSummary device) => Reason(found, device) is not null;

    private static (FileOwner Owner, uint User, IReadOnlyCollection<uint> Groups)? Reason(Examination found, DeviceSummary device) =>
        found.Said(device, Denied) is not null && Examination.IsNode(device) && found.Status is { } status
        && ProcessTable.Ids(found.Machine, status.Pid) is var (user, groups) && found.Machine.Owner(device.Path) is { } owner && !owner.Opens(user, groups)
            ? (owner, user, groups)
            : null;
}
