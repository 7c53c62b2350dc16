using System.Globalization;

using ThatDam.Contract;

namespace ThatDam.Cli.Doctor;

/// <summary>Another process has a device open.</summary>
internal static class HolderFinding
{
    private const string Held = "held by another process";
    private const string Loopback = "v4l2 loopback"; // v4l2_capability.driver: it is there to be fed and read at once

    public static IEnumerable<Finding> Of(Examination found, DeviceSummary device)
    {
        bool busy = Applies(found, device);
        List<Holder> holders = found.Processes.Holders.FindAll(holder => holder.Node == device.Path);
        foreach (Holder holder in holders)
        {
            if (device.Driver == Loopback && !busy)
            {
                yield return new Finding(
                    Examination.Subject(device), Severity.Info, "in use by another process", $"{Who(found, holder)} feeds it, or reads from it", "nothing needs to be done: a loopback device takes several");
                continue;
            }

            bool matters = holder.Streams || (busy && !holders.Exists(other => other.Streams));
            string who = Who(found, holder);
            string kill = string.Create(CultureInfo.InvariantCulture, $"`{(holder.User == found.Machine.User ? "" : "sudo ")}kill {holder.Pid}`");
            yield return matters
                ? new Finding(
                    Examination.Subject(device), busy ? Severity.Error : Severity.Warning, Held,
                    $"{who} {(holder.Streams ? "streams from it" : "has it open")}: one program at a time can, so the daemon cannot record it",
                    $"close that program, or end it with {kill}")
                : new Finding(
                    Examination.Subject(device), Severity.Info, "open in another process",
                    $"{who} has it open, and does not stream", "nothing needs to be done as long as that program does not stream");
        }

        if (busy && holders.Count == 0)
        {
            // Why it was last closed may be long ago.
            bool now = device.Problem is not null || found.Camera(device)?.State == "waiting";
            yield return new Finding(
                Examination.Subject(device), now ? Severity.Error : found.Processes.Unseen > 0 ? Severity.Warning : Severity.Info, Held,
                found.Processes.Unseen > 0 ? "by one of the processes that could not be looked into" : "it could not be found any more: it may have let go meanwhile",
                found.Processes.Unseen > 0 ? $"`sudo damctl doctor {device.Id}` names it" : "`damctl devices rescan`, then try again");
        }
    }

    /// <summary>Whether the daemon found it held.</summary>
    public static bool Applies(Examination found, DeviceSummary device) => found.Said(device, Held) is not null;

    private static string Who(Examination found, Holder holder) =>
        string.Create(CultureInfo.InvariantCulture, $"{holder.Command} (pid {holder.Pid}, user {holder.User}{Since(found, holder)})");

    private static string Since(Examination found, Holder holder) => holder.Since is { } since ? $", running since {found.Moment(since)}" : "";
}
