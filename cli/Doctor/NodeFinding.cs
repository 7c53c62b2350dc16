using ThatDam.Contract;

namespace ThatDam.Cli.Doctor;

/// <summary>A device is in the list, and its node is not in the file system.</summary>
internal static class NodeFinding
{
    public static IEnumerable<Finding> Of(Examination found, DeviceSummary device)
    {
        if (Examination.IsNode(device) && !found.Machine.Exists(device.Path))
        {
            yield return new Finding(
                Examination.Subject(device), Severity.Error, "its node is missing",
                $"the daemon lists it, and there is no {device.Path} here: it was unplugged this moment, udev made no node, or this shell sees another /dev, as in a container",
                "`damctl devices rescan` looks again; `sudo udevadm trigger --subsystem-match=video4linux` makes the node");
        }
    }
}
