using System.CommandLine;

using ThatDam.Cli.Client;
using ThatDam.Cli.Output;
using ThatDam.Contract;

namespace ThatDam.Cli.Commands;

/// <summary><c>damctl record stop ID|DEVICE|--all</c></summary>
internal static class RecordStopCommand
{
    public static Verb Create(GlobalOptions options)
    {
        Argument<string> what = Naming.Named("ID|DEVICE", "A recording, or a camera to stop every recording of");
        what.Arity = ArgumentArity.ZeroOrOne;
        var all = new Option<bool>("--all") { Description = "Every recording" };
        var verb = new Verb(
            "stop",
            "Stops recordings; returns when their files are final. With -o json one recording, or {\"recordings\": […]} for several or --all",
            "damctl record stop 20261124-075041-k3f9",
            "damctl record stop /dev/video0",
            "damctl record stop --all")
        {
            what, all,
        };
        verb.Validators.Add(result =>
        {
            bool named = result.GetResult(what) is { Tokens.Count: > 0 };
            if (named == result.GetValue(all))
                result.AddError(named ? "--all stops every recording: name none." : "Name a recording or a camera, or say --all.");
        });
        return options.Run(verb, (parsed, run) => Stop(run, parsed.GetValue(what)));
    }

    private static int Stop(Invocation run, string? what)
    {
        IReadOnlyList<string> ids = Choice.ActiveIds(run, what);

        // All are told to stop before any is waited for, so that none records on while another finalises.
        List<Exchange> exchanges = [];
        List<FailureException> failures = [];
        List<Answer> answers = [];
        try
        {
            foreach (string id in ids)
                Attempt(failures, () => exchanges.Add(run.Daemon.BeginStop(id)));
            foreach (Exchange exchange in exchanges)
                Attempt(failures, () => answers.Add(run.Daemon.Finish(exchange)));
        }
        finally
        {
            exchanges.ForEach(exchange => exchange.Dispose());
        }

        Print(run, answers, asList: what is null || ids.Count > 1);
        foreach (Answer answer in answers)
            Attempt(failures, () => RecordingText.ThrowIfFailed(answer.Read(ContractJson.Default.Recording)));
        foreach (FailureException failure in failures.SkipLast(1))
            Invocation.Complain(run.Terminal, failure.Message, failure.Remedy);
        return failures.Count == 0 ? ExitCode.Ok : throw failures[^1];
    }

    private static void Print(Invocation run, List<Answer> answers, bool asList)
    {
        if (run.ForPeople)
        {
            foreach (Answer answer in answers)
                run.Terminal.Out.WriteLine(RecordingText.Ended(answer.Read(ContractJson.Default.Recording)));
            if (answers.Count == 0 && asList)
                run.Remark("nothing to stop");
        }
        else if (asList)
        {
            Json.Write(run.Terminal, Json.Join("recordings", answers), run.Format, list: "recordings");
        }
        else if (answers.Count == 1)
        {
            Json.Write(run.Terminal, answers[0], run.Format);
        }
    }

    private static void Attempt(List<FailureException> failures, Action action)
    {
        try
        {
            action();
        }
        catch (FailureException failure)
        {
            failures.Add(failure);
        }
    }
}
