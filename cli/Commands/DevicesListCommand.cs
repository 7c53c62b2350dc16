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

    /// <summary>Prints devices as a table.</summary>
    public static void Print(Terminal terminal, DeviceList list, bool withRoles)
    {
        List<Column> columns =
        [
            new("DEVICE"),
            new("NAME", Narrowest: 12, Rank: 1),
            new("DRIVER", Rank: 6),
            new("STATE", Narrowest: 9),
            new("BEST MODE", Rank: 2),
            new("STABLE ID", Narrowest: 16, Rank: 5),
        ];
        if (withRoles)
            columns.Insert(3, new("ROLE", Rank: 3));
        var table = new Table([.. columns]);
        foreach (DeviceSummary device in list.Devices)
        {
            string state = ModeText.State(device);
            List<Cell> cells =
            [
                device.Id, device.Name, device.Driver, new(state, ModeText.Style(state)), ModeText.Default(device), device.StableId,
            ];
            if (withRoles)
                cells.Insert(3, device.Role);
            table.Add([.. cells]);
        }

        table.Write(terminal);
    }
}
