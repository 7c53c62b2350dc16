using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ThatDam.Cli;

/// <summary>The library's help, and after it the verb's examples, or for the whole program its exit codes.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    private const string ExitCodes = """
        Exit codes:
          0  done                    4  denied: the socket, the daemon or a file refuses this user
          1  failed or refused       5  the daemon cannot be reached
          2  wrong command line      6  conflict: another mode runs, or a name fits several
          3  no such device, recording or file

        Environment:
          THATDAM_SOCKET  the daemon's socket
          NO_COLOR        no colours
        """;

    private readonly HelpAction _help;

    public HelpWithExamples(int? width) => _help = new HelpAction { MaxWidth = width ?? 100 };

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        _help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        switch (parseResult.CommandResult.Command)
        {
            case Verb { Examples.Count: > 0 } verb:
                output.WriteLine("Examples:");
                foreach (string example in verb.Examples)
                    output.WriteLine($"  {example}");
                output.WriteLine();
                break;
            case RootCommand:
                output.WriteLine(ExitCodes);
                break;
        }

        output.Flush();
        return ExitCode.Ok;
    }
}
