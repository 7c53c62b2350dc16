using System.CommandLine;

using ThatDam.Cli.Doctor;
using ThatDam.Contract;

namespace ThatDam.Cli.Commands;

/// <summary><c>damctl doctor [DEVICE]</c></summary>
internal static class DoctorCommand
{
    private static readonly Func<Examination, IEnumerable<Finding>>[] s_ofDaemon =
        [DaemonFinding.Of, OutputFinding.Of, FfmpegFinding.Of, BrokerFinding.Of, WatchFinding.Of];

    private static readonly Func<Examination, DeviceSummary, IEnumerable<Finding>>[] s_ofDevice =
    [
        NodeFinding.Of, PermissionFinding.Of, HolderFinding.Of, BandwidthFinding.Of, ProblemFinding.Of, OfflineFinding.Of, SignalFinding.Of, RecoveryFinding.Of, TwinFinding.Of,
    ];

    /// <param name="options">The options of every verb.</param>
    /// <param name="machine">The machine to look at.</param>
    public static Verb Create(GlobalOptions options, Machine machine)
    {
        Argument<string> device = Naming.Device();
        device.Arity = ArgumentArity.ZeroOrOne;
        var verb = new Verb(
            "doctor",
            "What is wrong, why, and what to do about it; changes nothing. Looks at the daemon, the cameras and the processes that hold them, with the caller's rights; 1 if something is wrong",
            "damctl doctor",
            "damctl doctor front-desk",
            "sudo damctl doctor video0                        # sees the processes of other users too",
            "damctl doctor -o json | jq -r '.findings[].remedy'")
        {
            device,
        };
        return options.Run(verb, (parsed, run) =>
        {
            Examination found = Examination.Of(run.Daemon, machine, run.Terminal, parsed.GetValue(device));
            IEnumerable<Finding> all =
            [
                .. s_ofDaemon.SelectMany(look => look(found)),
                .. found.Devices.SelectMany(one => s_ofDevice.SelectMany(look => look(found, one))),
                .. UnseenFinding.Of(found),
            ];
            List<Finding> findings = [.. all.OrderByDescending(finding => finding.Severity)]; // the worst first, else as they were found
            FindingReport.Print(run, found, findings);
            return findings.Exists(finding => finding.Severity != Severity.Info) ? ExitCode.Failure : ExitCode.Ok;
        });
    }
}
