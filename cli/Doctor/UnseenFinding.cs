using ThatDam.Cli.Output;

namespace ThatDam.Cli.Doctor;

/// <summary>Not every process could be looked into: one that holds a device may be among the others.</summary>
internal static class UnseenFinding
{
    public static IEnumerable<Finding> Of(Examination found)
    {
        if (found.Processes.Unseen is > 0 and var unseen)
        {
            yield return new Finding(
                "processes", Severity.Info, "not all were looked into",
                $"{Figures.Count(unseen)} {(unseen == 1 ? "process" : "processes")} of other users could not be looked into: one may hold a camera", "`sudo damctl doctor` sees them");
        }
    }
}
