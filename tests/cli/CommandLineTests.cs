using System.Globalization;
using System.Text;

using ThatDam.Tests;

namespace ThatDam.Cli.Tests;

public sealed class CommandLineTests
{
    private static readonly string[][] s_commands =
    [
        [], ["status"], ["doctor"], ["devices"], ["devices", "list"], ["devices", "show"], ["devices", "watch"], ["devices", "rescan"],
        ["record"], ["record", "start"], ["record", "stop"], ["record", "list"], ["record", "show"], ["record", "watch"],
        ["events"], ["events", "tail"], ["events", "status"], ["events", "validate"], ["audit"], ["audit", "verify"],
    ];

    [Fact]
    public void Help_is_complete()
    {
        var all = new StringBuilder();
        foreach (string[] command in s_commands)
            all.Append(CultureInfo.InvariantCulture, $"$ damctl {string.Join(' ', [.. command, "--help"])}\n{Damctl.Run(null, [.. command, "--help"]).Good()}\n");

        Snapshot.Matches(all.ToString());
    }

    [Fact]
    public void Version_is_one_line() => Assert.Matches(@"\Adamctl \d+\.\d+\.\d+(\+[0-9a-f]{10})?\n\z", Damctl.Run(null, "--version").Good());

    [Theory]
    [InlineData("", "a command is missing: status, doctor, devices, record, events, audit", "damctl")]
    [InlineData("devices", "a command is missing: list, show, watch, rescan", "damctl devices")]
    [InlineData("record -o json", "a command is missing: start, stop, list, show, watch, repair", "damctl record")]
    [InlineData("devices lisst", "Unrecognized command or argument 'lisst'.", "damctl devices")]
    [InlineData("devices list extra", "Unrecognized command or argument 'extra'.", "damctl devices list")]
    [InlineData("status -o xml", "Argument 'xml' not recognized. Must be one of: 'table' 'json' 'jsonl'", "damctl status")]
    [InlineData("devices show", "Required argument 'DEVICE' missing for command: 'show'.", "damctl devices show")]
    [InlineData("events", "a command is missing: tail, status, validate", "damctl events")]
    [InlineData("audit", "a command is missing: verify", "damctl audit")]
    [InlineData("events tail --no-follow", "--no-follow shows the events since --since, which is missing.", "damctl events tail")]
    [InlineData("events tail --since soon", "'soon' is no moment: how long ago, such as 90, 10m or 1h30m, or a time such as 2026-11-24T07:50:41Z or 2026-11-24.", "damctl events tail")]
    [InlineData("events validate", "Required argument 'FILE' missing for command: 'validate'.", "damctl events validate")]
    [InlineData("status --socket", "Required argument missing for option: '--socket'.", "damctl status")]
    public void A_wrong_command_line_points_to_the_help(string args, string message, string command) => Assert.Equal(
        new Outcome(2, "", $"damctl: {message}\n  remedy: see `{command} --help`\n"),
        Damctl.Run(null, args.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public async Task The_option_names_the_socket_before_the_variable_does()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/status", "{}");

        Assert.Equal("{}\n", Damctl.Run(null, "status", "-o", "json", "--socket", daemon.SocketPath).Good());
        Assert.Equal("{}\n", Damctl.Run(daemon, "status", "-o", "json").Good());
        Assert.Equal(5, Damctl.Run(daemon, "status", "-o", "json", "--socket", "/nowhere").ExitCode);
    }
}
