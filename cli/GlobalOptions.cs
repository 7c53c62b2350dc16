using System.CommandLine;

using ThatDam.Cli.Client;
using ThatDam.Cli.Output;

namespace ThatDam.Cli;

/// <summary>The options of every verb.</summary>
internal sealed class GlobalOptions(Terminal terminal)
{
    private readonly Option<string> _socket = new("--socket")
    {
        Description = $"The daemon's socket [default: $THATDAM_SOCKET, else {Daemon.DefaultSocket}]",
        HelpName = "PATH",
        Recursive = true,
    };

    private readonly Option<string> _output = new Option<string>("--output", "-o")
    {
        Description = "table for people; json as the API gives it; jsonl one object a line [default: table]",
        HelpName = "table|json|jsonl",
        Recursive = true,
    }.AcceptOnlyFromAmong("table", "json", "jsonl");

    /// <summary>Adds them to the root.</summary>
    public void AddTo(RootCommand root)
    {
        root.Add(_socket);
        root.Add(_output);
    }

    /// <summary>Makes the verb run.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="run">What it does; gives the exit code.</param>
    /// <returns>The verb.</returns>
    public Verb Run(Verb verb, Func<ParseResult, Invocation, int> run)
    {
        verb.SetAction(parsed => run(parsed, Invocation(parsed)));
        return verb;
    }

    private Invocation Invocation(ParseResult parsed)
    {
        string? variable = terminal.Variable("THATDAM_SOCKET");
        string socket = parsed.GetValue(_socket) ?? (string.IsNullOrEmpty(variable) ? Daemon.DefaultSocket : variable);
        OutputFormat format = parsed.GetValue(_output) switch
        {
            "json" => OutputFormat.Json,
            "jsonl" => OutputFormat.JsonLines,
            _ => OutputFormat.Table,
        };
        return new Invocation(new Daemon(socket), terminal, format);
    }
}
