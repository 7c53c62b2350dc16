using System.CommandLine;

using ThatDam.Cli.Client;
using ThatDam.Cli.Input;
using ThatDam.Cli.Output;
using ThatDam.Contract;

namespace ThatDam.Cli.Commands;

/// <summary><c>damctl record repair FILE</c></summary>
internal static class RecordRepairCommand
{
    public static Verb Create(GlobalOptions options)
    {
        Argument<string> file = Naming.Named("FILE", "A fragmented MP4, of whatever program");
        var verb = new Verb(
            "repair",
            "Makes an ordinary MP4 of what a crash left, in its place: the index of all whole fragments is written behind the video, and nothing is cut. Asks no daemon; a daemon does it by itself to its own when it starts",
            "damctl record repair /mnt/card/clip.mp4")
        {
            file,
        };
        return options.Run(verb, (parsed, run) =>
        {
            Print(run, RecordingFile.Repair(parsed.GetRequiredValue(file)));
            return ExitCode.Ok;
        });
    }

    private static void Print(Invocation run, RepairedFile file)
    {
        if (!run.ForPeople)
        {
            Json.Write(run.Terminal, Answer.Of(file, ContractJson.Default.RepairedFile), run.Format);
            return;
        }

        string frames = Figures.Count(file.Frames);
        run.Terminal.Out.WriteLine(PlainText.Of(file.WasFinal
            ? $"{file.File}: final already, {frames} frames"
            : $"{file.File}: final, {frames} frames, {Figures.Span(file.DurationS ?? 0)}{(file.UnplayedBytes > 0 ? $"; {Figures.Count(file.UnplayedBytes)} bytes behind the last whole fragment stay, and do not play" : "")}"));
        if (file.Damage is { } damage)
            run.Terminal.Out.WriteLine(run.Terminal.Paint(PlainText.Of($"  damaged: {damage}"), Style.Yellow));
        run.Terminal.Out.Flush();
    }
}
