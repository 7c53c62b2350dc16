namespace ThatDam.Agent.Hosting;

/// <summary>
/// Where things stand in an INI file. The configuration's own reader gives the values but no lines; this finds the lines, by that
/// reader's rules: comments begin with <c>;</c>, <c>#</c> or <c>/</c>, names are of any case, nothing may be there twice.
/// </summary>
internal sealed class IniLines
{
    private readonly Dictionary<string, IniLine> _keys = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the text of a file.</summary>
    public IniLines(string text)
    {
        var section = "";
        var number = 0;
        foreach (var raw in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] is ';' or '#' or '/')
                continue;
            if (line[0] == '[' && line[^1] == ']')
            {
                section = line[1..^1].Trim();
                Sections.Add((section, number));
                continue;
            }
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
                Mistake ??= (number, $"'{line}' is neither a [Section] nor Key=value");
            else if (line[..equals].Trim() is var key && !_keys.TryAdd(Name(section, key), new IniLine(section, key, number)))
                Mistake ??= (number, $"'{key}' stands in line {_keys[Name(section, key)].Number} already");
        }
    }

    /// <summary>The sections and the lines they begin in, from 1.</summary>
    public List<(string Name, int Line)> Sections { get; } = [];

    /// <summary>The first line that the reader would refuse, and why.</summary>
    public (int Line, string Reason)? Mistake { get; }

    /// <summary>Where a key stands that the reader names <c>Section:Key</c>: either of the two may hold colons, so its name alone does not tell.</summary>
    public IniLine Of(string name) => _keys.GetValueOrDefault(name) ?? new IniLine("", name, 0);

    private static string Name(string section, string key) => section.Length == 0 ? key : $"{section}:{key}";
}

/// <summary>One key of an INI file.</summary>
/// <param name="Section">As it was written; empty for none.</param>
/// <param name="Key">As it was written.</param>
/// <param name="Number">From 1; 0 for a key that is not there.</param>
internal sealed record IniLine(string Section, string Key, int Number);
