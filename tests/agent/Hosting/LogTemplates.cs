using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ThatDam.Agent.Tests.Hosting;

/// <summary>The message templates of every call that logs, read from source.</summary>
internal static partial class LogTemplates
{
    /// <summary>Each call in the sources below a directory: where it is, and its template; null where that is no constant text.</summary>
    public static IEnumerable<(string Place, string? Template)> Below(string directory) =>
        from file in Directory.EnumerateFiles(directory, "*.cs", SearchOption.AllDirectories)
        let below = Path.GetRelativePath(directory, file)
        where !below.Split('/').Any(part => part is "bin" or "obj")
        from call in In(File.ReadAllText(file))
        select ($"{below}:{call.Line.ToString(CultureInfo.InvariantCulture)}", call.Template);

    /// <summary>Each call in one text.</summary>
    public static IEnumerable<(int Line, string? Template)> In(string source) =>
        from call in Call().Matches(source)
        select (source.AsSpan(0, call.Index).Count('\n') + 1, Template(source, call.Index + call.Length));

    // The first argument that begins with a string.
    private static string? Template(string source, int at)
    {
        var (depth, begins) = (0, true);
        while (at < source.Length && depth >= 0)
        {
            if (Text().Match(source, at) is { Success: true } text)
            {
                if (depth == 0 && begins)
                    return Whole(source, at);
                at += text.Length;
                begins = false;
                continue;
            }
            depth += source[at] switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 };
            begins = source[at] == ',' || (begins && char.IsWhiteSpace(source[at]));
            at++;
        }
        return null;
    }

    // Texts joined by + are one constant.
    private static string? Whole(string source, int at)
    {
        var whole = new StringBuilder();
        while (Text().Match(source, at) is { Success: true } text)
        {
            if (!text.Groups["plain"].Success)
                return null;
            whole.Append(Regex.Unescape(text.Groups["plain"].Value));
            at += text.Length;
            var plus = Plus().Match(source, at);
            if (!plus.Success)
                return Ends().IsMatch(source, at) ? whole.ToString() : null;
            at += plus.Length;
        }
        return null;
    }

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)?\s*\((?=[^)])|\[LoggerMessage\(")]
    private static partial Regex Call();

    [GeneratedRegex("""
        \G(?:\"{3}(?:(?!\"{3}).)*\"{3}|\$+\"{3}(?:(?!\"{3}).)*\"{3}|(?:@|\$@|@\$)"(?:[^"]|"")*"|\$"(?:[^"\\]|\\.)*"|"(?<plain>(?:[^"\\]|\\.)*)")
        """, RegexOptions.Singleline)]
    private static partial Regex Text();

    [GeneratedRegex(@"\G\s*\+\s*")]
    private static partial Regex Plus();

    [GeneratedRegex(@"\G\s*[,)]")]
    private static partial Regex Ends();
}
