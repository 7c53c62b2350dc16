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
        (Column Column, bool Shown, Func<Recording, Cell> Cell)[] all =
        [
            (new("ID"), true, recording => recording.Id),
            (new("DEVICE", Rank: 1), true, recording => recording.Device),
            (new("ALIAS", Narrowest: 10, Rank: 2), list.Recordings.Any(recording => recording.Alias is not null), recording => recording.Alias),
            (new("STATE"), true, recording => new(recording.State, ModeText.Style(recording.State))),
            (new("CODEC", Rank: 7), true, recording => recording.Codec),
            (new("SIZE", Rank: 9), true, recording => ModeText.Size(recording.Width, recording.Height)),
            (new("FPS", Rank: 10, Right: true), true, recording => Figures.Rate(recording.Fps)),
            (new("TIME", Rank: 3, Right: true), true, recording => Figures.Elapsed(recording.DurationS)),
            (new("BYTES", Rank: 4, Right: true), true, recording => Figures.Bytes(recording.Bytes)),
            (new("LOST", Rank: 5, Right: true), true, recording => Loss(recording.Frames.Lost)),
            (new("DROPPED", Rank: 8, Right: true), true, recording => Loss(recording.Frames.Dropped)),
            (new("FILE", Narrowest: 24, Rank: 6), true, recording => terminal.Width is null ? recording.File : Path.GetFileName(recording.File)),
        ];
        var shown = all.Where(column => column.Shown).ToList();
        var table = new Table([.. shown.Select(column => column.Column)]);
        foreach (Recording recording in list.Recordings)
            table.Add([.. shown.Select(column => column.Cell(recording))]);
        table.Write(terminal);
    }

    private static Cell Loss(long frames) => new(Figures.Count(frames), frames > 0 ? Style.Red : Style.None);
}
