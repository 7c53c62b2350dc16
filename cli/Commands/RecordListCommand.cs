using System.CommandLine;

using ThatDam.Cli.Client;
using ThatDam.Cli.Output;
using ThatDam.Contract;

namespace ThatDam.Cli.Commands;

/// <summary><c>damctl record list</c></summary>
internal static class RecordListCommand
{
    public static Verb Create(GlobalOptions options)
    {
        var active = new Option<bool>("--active") { Description = "Only those that have not ended" };
        var verb = new Verb(
            "list",
            "The recordings",
            "damctl record list --active",
            "damctl record list -o jsonl | jq -r 'select(.frames.lost > 0) | .file'")
        {
            active,
        };
        return options.Run(verb, (parsed, run) =>
        {
            Answer answer = run.Daemon.Recordings(parsed.GetValue(active));
            if (!run.ForPeople)
                Json.Write(run.Terminal, answer, run.Format, list: "recordings");
            else if (answer.Read(ContractJson.Default.RecordingList) is { Recordings.Count: > 0 } list)
                Print(run.Terminal, list);
            else
                run.Remark(parsed.GetValue(active) ? "nothing is recording" : "no recordings");
            return ExitCode.Ok;
        });
    }

    private static void Print(Terminal terminal, RecordingList list)
    {
        var table = new Table(
            new("ID"),
            new("DEVICE", Rank: 1),
            new("STATE"),
            new("CODEC", Rank: 6),
            new("SIZE", Rank: 8),
            new("FPS", Rank: 9, Right: true),
            new("TIME", Rank: 2, Right: true),
            new("BYTES", Rank: 3, Right: true),
            new("LOST", Rank: 4, Right: true),
            new("DROPPED", Rank: 7, Right: true),
            new("FILE", Narrowest: 24, Rank: 5));
        foreach (Recording recording in list.Recordings)
        {
            table.Add(
                recording.Id,
                recording.Device,
                new(recording.State, ModeText.Style(recording.State)),
                recording.Codec,
                ModeText.Size(recording.Width, recording.Height),
                Figures.Rate(recording.Fps),
                Figures.Elapsed(recording.DurationS),
                Figures.Bytes(recording.Bytes),
                Loss(recording.Frames.Lost),
                Loss(recording.Frames.Dropped),
                terminal.Width is null ? recording.File : Path.GetFileName(recording.File));
        }

        table.Write(terminal);
    }

    private static Cell Loss(long frames) => new(Figures.Count(frames), frames > 0 ? Style.Red : Style.None);
}
