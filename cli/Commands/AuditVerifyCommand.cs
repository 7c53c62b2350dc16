using System.CommandLine;
using System.Globalization;

using ThatDam.Cli.Client;
using ThatDam.Cli.Output;
using ThatDam.Contract;

namespace ThatDam.Cli.Commands;

/// <summary><c>damctl audit verify</c></summary>
internal static class AuditVerifyCommand
{
    /// <param name="options">The options of every verb.</param>
    /// <param name="verify">Checks files without a daemon; null where that cannot be done: no files can be named then.</param>
    public static Verb Create(GlobalOptions options, Func<IReadOnlyList<string>, AuditReport>? verify)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Check these files without the daemon, which alone knows where the log ends: lines cut off there are not found [default: the daemon checks its own]",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var verb = new Verb(
            "verify",
            "Whether the audit log's chain is whole: no line removed, changed or reordered; 1 if it is not",
            [
                "damctl audit verify",
                .. verify is null ? Array.Empty<string>() : ["damctl audit verify audit.log.1 audit.log  # copies, on any machine"],
            ]);
        if (verify is not null)
            verb.Add(files);
        return options.Run(verb, (parsed, run) =>
        {
            Answer answer = verify is not null && parsed.GetValue(files) is { Length: > 0 } named
                ? Answer.Of(verify(named), ContractJson.Default.AuditReport)
                : run.Daemon.Audit();
            AuditReport report = answer.Read(ContractJson.Default.AuditReport);
            if (run.ForPeople)
                Print(run.Terminal, report);
            else
                Json.Write(run.Terminal, answer, run.Format);
            return report.Whole ? ExitCode.Ok : ExitCode.Failure;
        });
    }

    private static void Print(Terminal terminal, AuditReport report)
    {
        terminal.Out.WriteLine(report.Whole
            ? terminal.Paint("the chain is whole", Style.Green)
            : terminal.Paint("the chain is broken", Style.Red));
        var fields = new Fields();
        fields.Add("log", report.Path);
        fields.Add("files", Figures.Count(report.Files));
        fields.Add("lines", Figures.Count(report.Lines));
        if (!report.Whole)
        {
            fields.Add("where", report.Line is { } line ? string.Create(CultureInfo.InvariantCulture, $"{report.File}:{line}") : report.File, Style.Red);
            fields.Add("fault", report.Fault ?? "not told", Style.Red);
        }
        else
        {
            fields.Add("note", report.Fault); // where it begins, when older files are no longer kept
        }

        fields.Write(terminal);
    }
}
