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
        // Of a daemon that does not answer, the drivers are not known.
        bool loopback = device.Driver == Loopback || found.Machine.IsLoopback(device.Path);
        foreach (Holder holder in holders)
        {
            string who = Who(found, holder);
            if (holder.IsDaemon && (found.Status is null || device.Streaming is not null))
            {
                // It cannot say which process it is, or is in a container, where its number is another.
                yield return new Finding(
                    Examination.Subject(device), Severity.Info, "in use by the daemon itself",
                    $"{who} {(holder.Streams ? "streams from it" : "has it open")}", "nothing needs to be done here: who ends the daemon ends its recordings");
            }
            else if (loopback && !busy)
            {
                yield return new Finding(
                    Examination.Subject(device), Severity.Info, "in use by another process", $"{who} feeds it, or reads from it", "nothing needs to be done: a loopback device takes several");
            }
            else if (holder.Streams || (busy && !holders.Exists(other => other.Streams)))
            {
                yield return new Finding(
                    Examination.Subject(device), busy ? Severity.Error : Severity.Warning, Held,
                    $"{who} {(holder.Streams ? "streams from it" : "has it open")}: one program at a time can, so the daemon cannot record it", Remedy(found, holder, loopback));
            }
            else
            {
                yield return new Finding(
                    Examination.Subject(device), Severity.Info, "open in another process",
                    $"{who} has it open, and does not stream", "nothing needs to be done as long as that program does not stream");
            }
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

    private static string Remedy(Examination found, Holder holder, bool loopback)
    {
        if (holder.IsDaemon)
            return "it is a capture daemon too, and its recordings end with it: leave the device to one of them, by stopping the other or by its own configuration";
        string kill = string.Create(CultureInfo.InvariantCulture, $"`{(holder.User == found.Machine.User ? "" : "sudo ")}kill {holder.Pid}`");
        return $"close that program, or end it with {kill}{(loopback ? "; leave the one that feeds it: without that it has no picture" : "")}";
    }

    private static string Who(Examination found, Holder holder) =>
        string.Create(CultureInfo.InvariantCulture, $"{holder.Command} (pid {holder.Pid}, user {holder.User}{Since(found, holder)})");

    private static string Since(Examination found, Holder holder) => holder.Since is { } since ? $", running since {found.Moment(since)}" : "";
}
