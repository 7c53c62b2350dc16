namespace ThatDam.Cli.Commands;

/// <summary><c>damctl devices rescan</c></summary>
internal static class DevicesRescanCommand
{
    public static Verb Create(GlobalOptions options) => options.Run(
        new Verb(
            "rescan",
            "Looks at every camera again and tells the bus the list (capture.device_list); prints it as `devices list` does",
            "damctl devices rescan"),
        (_, run) => DevicesListCommand.Show(run, run.Daemon.Rescan(), withRoles: false));
}
