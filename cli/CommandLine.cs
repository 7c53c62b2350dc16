using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

using ThatDam.Cli.Commands;
using ThatDam.Cli.Doctor;
using ThatDam.Cli.Input;
using ThatDam.Cli.Output;
using ThatDam.Contract;

namespace ThatDam.Cli;

/// <summary>The whole command line: what may be said, and what becomes of what goes wrong.</summary>
internal static class CommandLine
{
    /// <summary>damctl's version, and the commit that it was built from, if that is known.</summary>
    public static string Version { get; } = ProgramVersion.Of(typeof(CommandLine).Assembly);

    /// <summary>Runs a command line.</summary>
    /// <param name="args">Without the program's name.</param>
    /// <param name="terminal">Where to print.</param>
    /// <param name="machine">The machine that `doctor` looks at; null for this one.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args, Terminal terminal, Machine? machine = null)
    {
        try
        {
            // A file name may begin with @: no response files.
            ParseResult parsed = Root(terminal, machine ?? new Machine()).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
                return Misused(parsed, terminal);
            int exitCode = parsed.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = terminal.Out,
                Error = terminal.Error,
            });
            terminal.Out.Flush();
            return exitCode;
        }
        catch (FailureException failure)
        {
            Invocation.Complain(terminal, failure.Message, failure.Remedy);
            return failure.ExitCode;
        }
        catch (ReaderGoneException)
        {
            return ExitCode.Ok;
        }
        catch (IOException e)
        {
            terminal.Error.WriteLine($"damctl: the output: {e.Message}");
            terminal.Error.Flush();
            return ExitCode.Failure;
        }
    }

    private static RootCommand Root(Terminal terminal, Machine machine)
    {
        var root = new RootCommand("Controls thatdam-capture, the daemon that records this machine's cameras.") { HelpName = "damctl" };
        var options = new GlobalOptions(terminal);
        options.AddTo(root);
        foreach (Option option in root.Options)
        {
            if (option is HelpOption help)
            {
                help.Description = "Show help";
                help.Action = new HelpWithExamples(terminal.Width);
            }
            else if (option is VersionOption version)
            {
                version.Description = "Show the version";
                version.Action = new PrintVersion();
            }
        }

        root.Add(StatusCommand.Create(options));
        root.Add(DoctorCommand.Create(options, machine));
        root.Add(new Command("devices", "Cameras and what they can do")
        {
            DevicesListCommand.Create(options),
            DevicesShowCommand.Create(options),
            DevicesWatchCommand.Create(options),
            DevicesRescanCommand.Create(options),
        });
        root.Add(new Command("record", "Recordings, running and ended")
        {
            RecordStartCommand.Create(options),
            RecordStopCommand.Create(options),
            RecordListCommand.Create(options),
            RecordShowCommand.Create(options),
            RecordWatchCommand.Create(options),
            RecordRepairCommand.Create(options),
        });
        root.Add(new Command("events", "What the daemon tells the message bus")
        {
            EventsTailCommand.Create(options),
            EventsStatusCommand.Create(options),
            EventsValidateCommand.Create(options),
        });
        root.Add(new Command("audit", "The log of who asked for what")
        {
            AuditVerifyCommand.Create(options, files => AuditCopy.Verify(files, terminal)),
        });
        return root;
    }

    private static int Misused(ParseResult parsed, Terminal terminal)
    {
        Command command = parsed.CommandResult.Command;
        string path = Path(parsed.CommandResult);

        // A missing command comes first among the errors, but what was written in its place says more.
        bool incomplete = command.Subcommands.Count > 0;
        string message = incomplete && parsed.Errors.Count == 1
            ? $"a command is missing: {string.Join(", ", command.Subcommands.Select(verb => verb.Name))}"
            : OneLine(parsed.Errors[incomplete ? 1 : 0].Message);
        Invocation.Complain(terminal, message, $"see `{path} --help`");
        return ExitCode.Usage;
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Path(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Path(parent)} {result.Command.Name}" : "damctl";

    private sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"damctl {Version}");
            return ExitCode.Ok;
        }
    }
}
