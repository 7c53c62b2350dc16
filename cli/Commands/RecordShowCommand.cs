using System.CommandLine;

using ThatDam.Cli.Client;
using ThatDam.Cli.Output;
using ThatDam.Contract;

namespace ThatDam.Cli.Commands;

/// <summary><c>damctl record show ID</c></summary>
internal static class RecordShowCommand
{
    public static Verb Create(GlobalOptions options)
    {
        Argument<string> id = Naming.Recording();
        var verb = new Verb(
            "show",
            "One recording: its files, the gaps between them, its state and the account of its frames",
            "damctl record show 20261124-075041-k3f9")
        {
            id,
        };
        return options.Run(verb, (parsed, run) =>
        {
            Answer answer = run.Daemon.Recording(parsed.GetRequiredValue(id));
            if (run.ForPeople)
                RecordingText.Print(run.Terminal, answer.Read(ContractJson.Default.Recording));
            else
                Json.Write(run.Terminal, answer, run.Format);
            return ExitCode.Ok;
        });
    }
}
