using System.CommandLine;

using ThatDam.Cli.Arguments;
using ThatDam.Cli.Client;
using ThatDam.Cli.Output;

namespace ThatDam.Cli.Commands;

/// <summary><c>damctl events tail [TOPIC-PATTERN]</c></summary>
internal static class EventsTailCommand
{
    private const string Everything = "#";

    public static Verb Create(GlobalOptions options)
    {
        Argument<string> pattern = Naming.Named(
            "TOPIC-PATTERN", "Only these topics, as AMQP has it: * is one word, # any number of them [default: #, every topic]");
        pattern.Arity = ArgumentArity.ZeroOrOne;
        var since = new Option<Since?>("--since")
        {
            HelpName = "WHEN",
            Description = "First those from then on: how long ago (90, 10m, 2h), or a time (2026-11-24T07:50:41Z; local without a zone); of those that the broker has, the last 1,000 are kept [default: now]",
            CustomParser = Since.Parse,
        };
        var noFollow = new Option<bool>("--no-follow") { Description = "End after those that there are; needs --since" };
        var verb = new Verb(
            "tail",
            "Events as the daemon commits them, whether a broker is there or not; until Ctrl-C. With -o jsonl an object with topic and event a line",
            "damctl events tail",
            "damctl events tail 'capture.#' --since 10m",
            "damctl events tail capture.segment.created -o jsonl | jq -r .event.file",
            "damctl events tail --since 2h --no-follow -o jsonl > events.jsonl")
        {
            pattern, since, noFollow,
        };
        verb.Validators.Add(result =>
        {
            if (result.GetResult(noFollow) is { } given && given.GetValueOrDefault<bool>() && result.GetResult(since) is null)
                result.AddError("--no-follow shows the events since --since, which is missing.");
        });
        return options.Run(verb, (parsed, run) =>
        {
            bool follow = !parsed.GetValue(noFollow);
            DateTimeOffset? from = parsed.GetValue(since)?.At(run.Terminal.Time);
            using EventStream stream = run.Daemon.TailEvents(parsed.GetValue(pattern) ?? Everything, from, follow);
            while (stream.Next() is { } json)
                Show(run, new Answer(json));
            return !follow && stream.Whole
                ? ExitCode.Ok
                : throw FailureException.Unreachable(run.Daemon.SocketPath, "the daemon ended the stream");
        });
    }

    private static void Show(Invocation run, Answer answer)
    {
        if (!run.ForPeople)
        {
            Json.Write(run.Terminal, answer, run.Format);
            return;
        }

        EventText.Print(run.Terminal, answer.ReadEnvelope());
        run.Terminal.Out.Flush();
    }
}
