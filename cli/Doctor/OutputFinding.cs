using ThatDam.Cli.Output;

namespace ThatDam.Cli.Doctor;

/// <summary>Recordings cannot be written, or not for much longer.</summary>
internal static class OutputFinding
{
    private const long Little_bytes = 1_000_000_000;

    public static IEnumerable<Finding> Of(Examination found)
    {
        if (found.Status?.Output is not { } output)
            yield break;
        if (output.Problem is { } problem)
            yield return new Finding("output", Severity.Error, "recordings cannot be written", problem, "see OutputDirectory= in [Recording]; the daemon's user needs to write there");
        else if (output.FreeBytes is <= 0)
            yield return new Finding("output", Severity.Error, "the disk is full", $"{output.Path} has no room left", Remedy(output.Path));
        else if (output.FreeBytes is < Little_bytes and var free)
            yield return new Finding("output", Severity.Warning, "the disk is nearly full", $"{output.Path} has {Figures.Bytes(free)} left", Remedy(output.Path));
    }

    private static string Remedy(string path) => $"delete or move some of what lies in {path}, or name another directory: OutputDirectory= in [Recording]";
}
