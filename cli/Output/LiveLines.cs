using System.Globalization;

namespace ThatDam.Cli.Output;

/// <summary>Lines that are redrawn in place on a terminal; elsewhere each one is simply written again.</summary>
internal sealed class LiveLines(Terminal terminal)
{
    private int _drawn;

    /// <summary>Replaces the live lines.</summary>
    /// <param name="final">Lines that stay as they are from now on, above the live ones.</param>
    /// <param name="live">The lines to redraw next time.</param>
    public void Show(IReadOnlyList<string> final, IReadOnlyList<string> live)
    {
        if (terminal.Redraws && _drawn > 0)
            terminal.Out.Write(string.Create(CultureInfo.InvariantCulture, $"\e[{_drawn}A\e[J"));
        foreach (string line in final.Concat(live))
            terminal.Out.WriteLine(terminal.Width is { } width ? PlainText.Cut(line, width) : line);
        _drawn = live.Count;
        terminal.Out.Flush();
    }
}
