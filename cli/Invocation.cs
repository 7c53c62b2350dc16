using ThatDam.Cli.Client;
using ThatDam.Cli.Output;

namespace ThatDam.Cli;

/// <summary>One run of a verb: whom to ask and how to print.</summary>
/// <param name="Daemon">Whom to ask.</param>
/// <param name="Terminal">Where to print.</param>
/// <param name="Format">How to print.</param>
internal sealed record Invocation(Daemon Daemon, Terminal Terminal, OutputFormat Format)
{
    /// <summary>Whether people read the output.</summary>
    public bool ForPeople => Format == OutputFormat.Table;

    /// <summary>A remark beside the result.</summary>
    public void Remark(string text)
    {
        Terminal.Error.WriteLine($"damctl: {PlainText.Of(text)}");
        Terminal.Error.Flush();
    }

    /// <summary>An error, in the form that all errors have.</summary>
    public static void Complain(Terminal terminal, string message, string? remedy)
    {
        terminal.Out.Flush();
        terminal.Error.WriteLine($"damctl: {PlainText.Of(message)}");
        if (remedy is not null)
            terminal.Error.WriteLine($"  remedy: {PlainText.Of(remedy)}");
        terminal.Error.Flush();
    }
}
