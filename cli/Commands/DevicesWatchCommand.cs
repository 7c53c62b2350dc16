using ThatDam.Cli.Client;
using ThatDam.Cli.Output;
using ThatDam.Contract;

namespace ThatDam.Cli.Commands;

/// <summary><c>damctl devices watch</c></summary>
internal static class DevicesWatchCommand
{
    public static Verb Create(GlobalOptions options) => options.Run(
        new Verb(
            "watch",
            "The cameras now, then every change until Ctrl-C. With -o json each update is the whole list on a line",
            "damctl devices watch",
            "damctl devices watch -o jsonl | jq -r '[.id, .state] | @tsv'"),
        (_, run) =>
        {
            using EventStream stream = run.Daemon.WatchDevices();
            DeviceList? before = null;
            while (stream.Next() is { } json)
            {
                var answer = new Answer(json);
                if (!run.ForPeople)
                {
                    Json.Write(run.Terminal, answer, run.Format, list: "devices");
                    continue;
                }

                DeviceList now = answer.Read(ContractJson.Default.DeviceList);
                if (before is null)
                    DevicesListCommand.Print(run.Terminal, now, withRoles: false);
                else
                    PrintChanges(run.Terminal, before, now);
                run.Terminal.Out.Flush();
                before = now;
            }

            throw FailureException.Unreachable(run.Daemon.SocketPath, "the daemon ended the stream");
        });

    private static void PrintChanges(Terminal terminal, DeviceList before, DeviceList now)
    {
        // By who they are: several that are offline may have had one node in turn.
        Dictionary<string, DeviceSummary> old = before.Devices.DistinctBy(Key).ToDictionary(Key);
        foreach (DeviceSummary device in now.Devices.DistinctBy(Key))
        {
            string state = ModeText.State(device);
            if (!old.Remove(Key(device), out DeviceSummary? was))
                PrintChange(terminal, '+', device, $"{device.Name}, {state}", Style.Green);
            else if (ModeText.IsOnline(was) && !ModeText.IsOnline(device))
                PrintChange(terminal, '-', device, $"{device.Name}, offline", Style.Red);
            else if (!ModeText.IsOnline(was) && ModeText.IsOnline(device))
                PrintChange(terminal, '+', device, $"{device.Name}, back, {state}{(was.Id == device.Id ? "" : $"; was {was.Id}")}", Style.Green);
            else if (string.Join("; ", Changes(was, device)) is { Length: > 0 } changes)
                PrintChange(terminal, '~', device, changes, Style.Yellow);
        }

        foreach (DeviceSummary gone in old.Values)
            PrintChange(terminal, '-', gone, $"{gone.Name}, {(ModeText.IsOnline(gone) ? "gone" : "forgotten")}", Style.Red);
    }

    private static string Key(DeviceSummary device) => string.IsNullOrEmpty(device.StableId) ? device.Id : device.StableId;

    private static IEnumerable<string> Changes(DeviceSummary was, DeviceSummary device)
    {
        if (was.Id != device.Id)
            yield return $"was {was.Id}";
        if (ModeText.State(was) is var before && ModeText.State(device) is var state && before != state)
            yield return $"{before}, now {state}";
        if (was.Signal != device.Signal)
            yield return $"signal: {was.Signal ?? "unknown"}, now {device.Signal ?? "unknown"}";
        if (was.Problem != device.Problem)
            yield return device.Problem ?? "no problem any more";
        else if (was.Modes?.Count != device.Modes?.Count)
            yield return $"now {Figures.Count(device.Modes?.Count ?? 0)} modes";
    }

    private static void PrintChange(Terminal terminal, char sign, DeviceSummary device, string what, Style style)
    {
        string named = ModeText.Named(device.Id, device.Alias);
        string line = $"{terminal.Moment(terminal.Time.GetUtcNow())}  {sign} {PlainText.Of(named)}  {PlainText.Of(what)}";
        terminal.Out.WriteLine(terminal.Paint(terminal.Width is { } width ? PlainText.Cut(line, width) : line, style));
    }
}
