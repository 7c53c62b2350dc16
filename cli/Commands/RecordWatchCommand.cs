using System.CommandLine;

namespace ThatDam.Cli.Commands;

/// <summary><c>damctl record watch [ID|DEVICE]</c></summary>
internal static class RecordWatchCommand
{
    public static Verb Create(GlobalOptions options)
    {
        Argument<string> what = Naming.Named("ID|DEVICE", "Only this recording, or this camera's path, stable id or alias");
        what.Arity = ArgumentArity.ZeroOrOne;
        var verb = new Verb(
            "watch",
            "A live line for each recording: time, size, frames per second, lost frames; until Ctrl-C, or until the named recording ends",
            "damctl record watch",
            "damctl record watch -o jsonl | jq -c '[.id, .frames.lost]'")
        {
            what,
        };
        return options.Run(verb, (parsed, run) => new RecordingWatch(run, parsed.GetValue(what)).Run());
    }
}
