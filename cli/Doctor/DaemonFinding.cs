namespace ThatDam.Cli.Doctor;

/// <summary>The daemon does not answer.</summary>
internal static class DaemonFinding
{
    public static IEnumerable<Finding> Of(Examination found)
    {
        if (found.Unreachable is not { } failure)
            yield break;
        string remedy = failure.Remedy is { } own ? $"{own}\n" : "";
        yield return new Finding(
            "daemon",
            Severity.Error,
            failure.ExitCode == ExitCode.Denied ? "may not be asked by this user" : "does not answer",
            failure.Message,
            failure.ExitCode == ExitCode.Denied
                ? failure.Remedy
                : $"{remedy}`systemctl status thatdam-capture` says whether it runs, `journalctl -u thatdam-capture` what it said last");
    }
}
