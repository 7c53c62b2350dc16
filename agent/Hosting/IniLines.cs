namespace ThatDam.Agent.Hosting;

/// <summary>
/// Where things stand in an INI file. The configuration's own reader gives the values but no lines; this finds the lines, by that
/// reader's rules: comments begin with <c>;</c>, <c>#</c> or <c>/</c>, names are of any case, nothing may be there twice.
/// </summary>
internal sealed class IniLines
{
    private readonly Dictionary<string, int> _keys = new(StringComparer.OrdinalIgnoreCase);

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
            else if (!_keys.TryAdd(Name(section, line[..equals].Trim()), number))
                Mistake ??= (number, $"'{line[..equals].Trim()}' stands in line {_keys[Name(section, line[..equals].Trim())]} already");
        }
    }

    /// <summary>The sections and the lines they begin in, from 1.</summary>
    public List<(string Name, int Line)> Sections { get; } = [];

    /// <summary>The first line that the reader would refuse, and why.</summary>
    public (int Line, string Reason)? Mistake { get; }

    /// <summary>The line of a key as the reader names it, <c>Section:Key</c>; 0 when it is not there.</summary>
    public int Of(string name) => _keys.GetValueOrDefault(name);

    private static string Name(string section, string key) => section.Length == 0 ? key : $"{section}:{key}";
}
