using ThatDam.Cli.Output;

namespace ThatDam.Cli.Doctor;

/// <summary>Devices that come and go are noticed late, or somebody sends false word of them.</summary>
internal static class WatchFinding
{
    public static IEnumerable<Finding> Of(Examination found)
    {
        if (found.Status?.Watch is not { } watch)
            yield break;
        if (watch.Source == "none")
        {
            yield return new Finding(
                "hot-plug", Severity.Warning, "devices are noticed only once a minute", watch.Problem ?? "the daemon hears nothing of devices that come and go",
                "`damctl devices rescan` looks at once; in a container, run it in the host's network namespace");
        }
        else if (watch.Source == "kernel")
        {
            yield return new Finding(
                "hot-plug", Severity.Info, "word of devices comes from the kernel itself", watch.Problem ?? "no udevd runs here",
                "nothing is wrong where no udevd is meant to run; elsewhere start it: `sudo systemctl start systemd-udevd`");
        }

        if (watch.Refused > 0)
        {
            yield return new Finding(
                "hot-plug", Severity.Info, "false word of devices was refused",
                $"{Figures.Count(watch.Refused)} messages did not come from root's udevd, or were not as it writes them", "nothing was believed; a program of this machine sends them");
        }
    }
}
