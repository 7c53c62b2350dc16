namespace ThatDam.Cli.Output;

/// <summary>One thing's properties, a label and a value each, long values wrapped under themselves.</summary>
internal sealed class Fields(int indent = 2)
{
    private readonly List<(string Label, string Value, Style Style)> _fields = [];

    /// <summary>Adds a property; nothing if there is no value. Lines of the value stay lines.</summary>
    public void Add(string label, string? value, Style style = Style.None)
    {
        if (value is not null)
            _fields.Add((label, value, style));
    }

    /// <summary>Writes the properties.</summary>
    public void Write(Terminal terminal)
    {
        int labels = _fields.Max(field => field.Label.Length);
        int columns = terminal.Width is { } width ? Math.Max(20, width - indent - labels - 2) : int.MaxValue;
        foreach ((string label, string value, Style style) in _fields)
        {
            string lead = new string(' ', indent) + terminal.Paint(label.PadRight(labels), Style.Dim) + "  ";
            foreach (string line in value.Split('\n').SelectMany(line => Wrap(PlainText.Of(line.TrimEnd('\r')), columns)))
            {
                terminal.Out.WriteLine((lead + terminal.Paint(line, style)).TrimEnd());
                lead = new string(' ', indent + labels + 2);
            }
        }
    }

    // A word that is too long keeps its line to itself: a cut path is of no use.
    private static IEnumerable<string> Wrap(string text, int columns)
    {
        if (PlainText.Width(text) <= columns)
        {
            yield return text;
            yield break;
        }

        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && PlainText.Width(line) + 1 + PlainText.Width(word) > columns)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }
}
