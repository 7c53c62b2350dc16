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
        Dictionary<string, DeviceSummary> old = before.Devices.ToDictionary(device => device.Id);
        foreach (DeviceSummary device in now.Devices)
        {
            string state = ModeText.State(device);
            if (!old.Remove(device.Id, out DeviceSummary? was))
                PrintChange(terminal, '+', device, $"{device.Name}, {state}", Style.Green);
            else if (was.StableId != device.StableId)
                PrintChange(terminal, '~', device, $"now {device.Name} ({device.StableId})", Style.Yellow);
            else if (ModeText.State(was) is var wasState && wasState != state)
                PrintChange(terminal, '~', device, $"{wasState}, now {state}", Style.Yellow);
            else if (was.Modes.Count != device.Modes.Count || was.Problem != device.Problem)
                PrintChange(terminal, '~', device, device.Problem ?? $"now {Figures.Count(device.Modes.Count)} modes", Style.Yellow);
        }

        foreach (DeviceSummary gone in old.Values)
            PrintChange(terminal, '-', gone, $"{gone.Name}, gone", Style.Red);
    }

    private static void PrintChange(Terminal terminal, char sign, DeviceSummary device, string what, Style style)
    {
        string line = $"{terminal.Moment(terminal.Time.GetUtcNow())}  {sign} {PlainText.Of(device.Id)}  {PlainText.Of(what)}";
        terminal.Out.WriteLine(terminal.Paint(terminal.Width is { } width ? PlainText.Cut(line, width) : line, style));
    }
}
