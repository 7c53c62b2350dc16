namespace ThatDam.Cli.Output;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its head.</param>
/// <param name="Narrowest">How far its cells may be cut to make the table fit; null for not at all.</param>
/// <param name="Rank">Which columns go first when cutting is not enough: the highest rank. 0 stays.</param>
/// <param name="Right">Whether its cells stand at the right, as numbers do.</param>
internal sealed record Column(string Title, int? Narrowest = null, int Rank = 0, bool Right = false);

/// <summary>A cell of a table.</summary>
/// <param name="Text">Of any origin.</param>
/// <param name="Style">How it stands out.</param>
internal readonly record struct Cell(string Text, Style Style = Style.None)
{
    public static implicit operator Cell(string? text) => new(text ?? "");
}

/// <summary>Rows under heads, made to fit: cells are cut first, then columns left out.</summary>
internal sealed class Table(params Column[] columns)
{
    private const string Gap = "  ";

    private readonly List<Cell[]> _rows = [];

    /// <summary>Adds a row: a cell for each column.</summary>
    public void Add(params Cell[] cells) => _rows.Add([.. cells.Select(cell => cell with { Text = PlainText.Of(cell.Text) })]);

    /// <summary>Writes heads and rows.</summary>
    public void Write(Terminal terminal)
    {
        List<int> shown = [.. Enumerable.Range(0, columns.Length)];
        int[] widths = Widths();
        while (terminal.Width is { } limit && !Fit(shown, widths, limit) && LeastImportant(shown) is { } spare)
        {
            shown.Remove(spare);
            widths = Widths();
        }

        WriteRow(terminal, shown, widths, [.. columns.Select(column => new Cell(column.Title, Style.Bold))]);
        foreach (Cell[] row in _rows)
            WriteRow(terminal, shown, widths, row);
    }

    private int[] Widths() =>
    [
        .. columns.Select((column, index) => _rows.Select(row => PlainText.Width(row[index].Text)).Append(column.Title.Length).Max()),
    ];

    private bool Fit(List<int> shown, int[] widths, int limit)
    {
        int excess = shown.Sum(index => widths[index]) + (Gap.Length * (shown.Count - 1)) - limit;
        for (; excess > 0; excess--)
        {
            int widest = -1;
            foreach (int index in shown)
            {
                if (widths[index] > (columns[index].Narrowest ?? int.MaxValue) && (widest < 0 || widths[index] > widths[widest]))
                    widest = index;
            }

            if (widest < 0)
                return false;
            widths[widest]--;
        }

        return true;
    }

    private int? LeastImportant(List<int> shown)
    {
        int index = shown.MaxBy(index => columns[index].Rank);
        return columns[index].Rank > 0 ? index : null;
    }

    private void WriteRow(Terminal terminal, List<int> shown, int[] widths, Cell[] row)
    {
        int left = terminal.Width ?? int.MaxValue;
        for (int position = 0; position < shown.Count && left > 0; position++)
        {
            int index = shown[position];
            string text = PlainText.Cut(row[index].Text, Math.Min(widths[index], left));
            bool last = position == shown.Count - 1;
            string padded = last && !columns[index].Right ? text : PlainText.Pad(text, Math.Min(widths[index], left), columns[index].Right);
            terminal.Out.Write(terminal.Paint(padded, row[index].Style));
            left -= widths[index] + Gap.Length;
            if (!last && left > 0)
                terminal.Out.Write(Gap);
        }

        terminal.Out.WriteLine();
    }
}
