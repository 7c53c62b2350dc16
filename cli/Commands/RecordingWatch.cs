using ThatDam.Cli.Client;
using ThatDam.Cli.Output;
using ThatDam.Contract;

namespace ThatDam.Cli.Commands;

/// <summary>Follows recordings and shows each on a line of its own.</summary>
/// <param name="run">Whom to ask and where to print.</param>
/// <param name="what">A recording or a camera; null for all, for ever.</param>
internal sealed class RecordingWatch(Invocation run, string? what)
{
    private readonly LiveLines _lines = new(run.Terminal);
    private readonly Pace _pace = new();
    private readonly HashSet<string> _live = [];
    private readonly Dictionary<string, Recording> _ended = [];

    /// <summary>Shows updates until the chosen recordings have ended.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="FailureException">One of them failed, or the daemon went away.</exception>
    public int Run()
    {
        using EventStream stream = run.Daemon.WatchRecordings();
        IReadOnlyList<string>? chosen = what is null ? null : Choice.ActiveIds(run, what);
        bool first = true;
        while (!Over(chosen))
        {
            if (stream.Next() is not { } json)
                throw FailureException.Unreachable(run.Daemon.SocketPath, "the daemon ended the stream");
            Show(new Answer(json), chosen);

            // The stream begins with how things stand.
            if (first && _live.Count == 0 && run.ForPeople && chosen is null)
                run.Remark("nothing is recording yet; Ctrl-C ends the watching");
            first = false;
        }

        foreach (Recording recording in _ended.Values)
            RecordingText.ThrowIfFailed(recording);
        return ExitCode.Ok;
    }

    private bool Over(IReadOnlyList<string>? chosen) => chosen is not null && chosen.All(_ended.ContainsKey);

    private void Show(Answer answer, IReadOnlyList<string>? chosen)
    {
        IReadOnlyList<Recording> recordings = answer.Read(ContractJson.Default.RecordingList).Recordings;
        if (chosen is not null)
        {
            // One that ended some time ago is in no update any more.
            if (chosen.Any(id => !_ended.ContainsKey(id) && recordings.All(recording => recording.Id != id)))
                recordings = (answer = Json.Join("recordings", chosen.Select(run.Daemon.Recording))).Read(ContractJson.Default.RecordingList).Recordings;
            recordings = [.. recordings.Where(recording => chosen.Contains(recording.Id))];
        }

        if (run.ForPeople)
            ShowLines(recordings, chosen);
        else
            Json.Write(run.Terminal, chosen is null ? answer : Json.Only(answer, "recordings", chosen), run.Format, list: "recordings");

        foreach (Recording recording in recordings.Where(RecordingText.HasEnded))
            _ended[recording.Id] = recording;
    }

    private void ShowLines(IReadOnlyList<Recording> recordings, IReadOnlyList<string>? chosen)
    {
        List<string> final = [];
        List<string> live = [];
        foreach (Recording recording in recordings)
        {
            if (!RecordingText.HasEnded(recording))
            {
                _live.Add(recording.Id);
                live.Add(RecordingText.Running(recording, _pace.Fps(recording)));
            }
            else if (!_ended.ContainsKey(recording.Id) && (_live.Contains(recording.Id) || chosen is not null))
            {
                final.Add(RecordingText.Ended(recording));
            }
        }

        _lines.Show(final, live);
    }
}
