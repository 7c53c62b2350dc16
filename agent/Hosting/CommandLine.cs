using System.CommandLine;
using System.CommandLine.Invocation;
using ThatDam.Contract;

namespace ThatDam.Agent.Hosting;

/// <summary>The command line of <c>thatdam-capture</c>.</summary>
internal sealed class CommandLine
{
    private readonly Option<string> _config = new("--config")
    {
        HelpName = "FILE",
        Description = $"Read only this configuration file. Default: {ConfigurationReader.DefaultFile}, then {ConfigurationReader.DefaultFile}.d/*.conf.",
    };

    private readonly Option<string> _socket = Path("--socket", "PATH", "Serve on this Unix socket: Socket= in [Control].");
    private readonly Option<string> _output = Path("--output", "DIR", "Record into this directory: OutputDirectory= in [Recording].");
    private readonly Option<string> _state = Path("--state", "DIR", "Keep state.db in this directory: Directory= in [State].");

    private readonly Option<string[]> _set = new("--set")
    {
        HelpName = "Section.Key=VALUE",
        Description = "Set any key of the configuration, such as VirtualCameras.Count=1 or Camera:desk.Match=port:usb-0:1.2. May be given several times.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly RootCommand _root;

    private CommandLine()
    {
        _set.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (Split(token.Value) is null)
                    result.AddError($"--set {BrokerValue.WithoutPasswords(token.Value)}: give it as Section.Key=VALUE, such as --set VirtualCameras.Count=1.");
            }
        });
        _root = new RootCommand("The capture daemon: owns the machine's V4L2 devices and records from them. Speak to it with damctl.")
        {
            _config, _socket, _output, _state, _set,
        };
        foreach (var version in _root.Options.OfType<VersionOption>())
            version.Action = new PrintVersion();
    }

    /// <summary>Reads it.</summary>
    /// <param name="args">Without the program's name.</param>
    /// <param name="output">Told what was asked for.</param>
    /// <param name="error">Told the mistakes.</param>
    /// <param name="exitCode">What to exit with when there is nothing more to do: help was asked for, or a mistake was told.</param>
    /// <returns>Null when there is nothing more to do.</returns>
    public static CommandLineFlags? Parse(string[] args, TextWriter output, TextWriter error, out int exitCode)
    {
        var line = new CommandLine();
        var parsed = line._root.Parse(args);
        CommandLineFlags? flags = null;
        line._root.SetAction(result => flags = line.Flags(result));
        if (parsed.Errors.Count > 0)
        {
            foreach (var mistake in parsed.Errors)
                error.WriteLine($"thatdam-capture: {mistake.Message}");
            error.WriteLine("  remedy: thatdam-capture --help lists the flags");
            exitCode = 2;
            return null;
        }
        exitCode = parsed.Invoke(new InvocationConfiguration { Output = output, Error = error });
        return flags;
    }

    private CommandLineFlags Flags(ParseResult result)
    {
        var values = new List<ConfigurationEntry>();
        foreach (var set in result.GetValue(_set) ?? [])
        {
            var (section, name, value) = Split(set)!.Value;
            values.Add(new ConfigurationEntry(section, name, value, CommandLineFlags.Place, $"--set {set}"));
        }
        Add(_socket, "Control", "Socket");
        Add(_output, "Recording", "OutputDirectory");
        Add(_state, "State", "Directory");
        return new CommandLineFlags
        {
            ConfigurationFile = result.GetValue(_config) is { } file ? System.IO.Path.GetFullPath(file) : null,
            Values = values,
        };

        void Add(Option<string> option, string section, string name)
        {
            // From a shell a path may be relative; a configuration file has no directory to be relative to.
            if (result.GetValue(option) is { } path)
                values.Add(new ConfigurationEntry(section, name, System.IO.Path.GetFullPath(path), CommandLineFlags.Place, $"{option.Name} {path}"));
        }
    }

    // At the last dot before the sign: a camera's name may hold dots, a key has none.
    private static (string Section, string Name, string Value)? Split(string set)
    {
        var equals = set.IndexOf('=', StringComparison.Ordinal);
        var dot = equals < 0 ? -1 : set.LastIndexOf('.', equals);
        return dot > 0 && equals > dot + 1 ? (set[..dot].Trim(), set[(dot + 1)..equals].Trim(), set[(equals + 1)..].Trim()) : null;
    }

    private static Option<string> Path(string name, string helpName, string description)
    {
        var option = new Option<string>(name) { HelpName = helpName, Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value.Length: 0 }])
                result.AddError($"{name} needs a path.");
        });
        return option;
    }

    private sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"thatdam-capture {ProgramVersion.Of(typeof(CommandLine).Assembly)}");
            return 0;
        }
    }
}
