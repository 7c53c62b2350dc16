using System.CommandLine;

using ThatDam.Cli.Client;
using ThatDam.Cli.Output;
using ThatDam.Contract;

namespace ThatDam.Cli.Commands;

/// <summary><c>damctl devices list</c></summary>
internal static class DevicesListCommand
{
    public static Verb Create(GlobalOptions options)
    {
        var all = new Option<bool>("--all", "-a") { Description = "Also metadata, output, memory-to-memory and radio nodes" };
        var verb = new Verb(
            "list",
            "The cameras, their states and their best modes",
            "damctl devices list",
            "damctl devices list -o jsonl | jq -r .stable_id")
        {
            all,
        };
        return options.Run(verb, (parsed, run) => Show(run, run.Daemon.Devices(parsed.GetValue(all)), parsed.GetValue(all)));
    }

    /// <summary>Shows an answer that is a list of devices.</summary>
    /// <returns>The exit code.</returns>
    public static int Show(Invocation run, Answer answer, bool withRoles)
    {
        if (!run.ForPeople)
            Json.Write(run.Terminal, answer, run.Format, list: "devices");
        else if (answer.Read(ContractJson.Default.DeviceList) is { Devices.Count: > 0 } list)
            Print(run.Terminal, list, withRoles);
        else
            run.Remark("no cameras found");
        return ExitCode.Ok;
    }

    /// <summary>Prints devices as a table; what no device has, has no column.</summary>
    public static void Print(Terminal terminal, DeviceList list, bool withRoles)
    {
        (Column Column, bool Shown, Func<DeviceSummary, Cell> Cell)[] all =
        [
            (new("DEVICE"), true, device => device.Id),
            (new("ALIAS", Narrowest: 10), list.Devices.Any(device => device.Alias is not null), device => device.Alias),
            (new("NAME", Narrowest: 12, Rank: 1), true, device => device.Name),
            (new("DRIVER", Rank: 8), true, device => device.Driver),
            (new("ROLE", Rank: 3), withRoles, device => device.Role),
            (new("STATE", Narrowest: 9), true, device => ModeText.State(device) is var state ? new Cell(state, ModeText.Style(state)) : default),
            (new("SIGNAL", Narrowest: 9, Rank: 2), list.Devices.Any(device => ModeText.BadSignal(device) is not null), device => new(ModeText.BadSignal(device) ?? "", Style.Red)),
            (new("BEST MODE", Rank: 4), true, device => ModeText.Default(device)),
            (new("LAST SEEN", Rank: 5), list.Devices.Any(device => !ModeText.IsOnline(device)), device => ModeText.IsOnline(device) ? "" : terminal.Moment(device.LastSeen)),
            (new("STABLE ID", Narrowest: 16, Rank: 7), true, device => device.StableId),
        ];
        var shown = all.Where(column => column.Shown).ToList();
        var table = new Table([.. shown.Select(column => column.Column)]);
        foreach (DeviceSummary device in list.Devices)
        {
            IEnumerable<Cell> cells = shown.Select(column => column.Cell(device));
            table.Add([.. ModeText.IsOnline(device) ? cells : cells.Select(cell => cell with { Style = Style.Dim })]);
        }

        table.Write(terminal);
    }
}
