using System.Text.RegularExpressions;

namespace ThatDam.Contract.Tests;

/// <summary>A section of EVENTS.md.</summary>
/// <param name="Title">Its heading, without backticks.</param>
/// <param name="Text">What stands below it, to the next heading.</param>
internal sealed partial record EventSection(string Title, string Text)
{
    /// <summary>Whether it is about a topic: its heading is a name in backticks.</summary>
    public bool IsTopic { get; init; }

    /// <summary>Its JSON examples.</summary>
    public IReadOnlyList<string> Examples { get; } = [.. Example().Matches(Text).Select(match => match.Groups[1].Value)];

    /// <summary>The rows of its table of fields: name, type, required, origin, meaning.</summary>
    public IReadOnlyList<EventField> Fields { get; } =
    [
        .. Field().Matches(Text).Select(match => new EventField(match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value == "yes", match.Groups[4].Value)),
    ];

    /// <summary>What its list says, such as <c>Publisher</c>; null where it says nothing.</summary>
    public string? Says(string what) => Regex.Match(Text, $@"^- \*\*{what}:\*\* (.+)$", RegexOptions.Multiline) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"^```json\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"^\| `(\w+)` \| (\w+) \| (yes|no) \| (seed|added) \| .+ \|$", RegexOptions.Multiline)]
    private static partial Regex Field();
}

/// <summary>A row of a table of fields.</summary>
internal sealed record EventField(string Name, string Type, bool Required, string Origin);

/// <summary>EVENTS.md, by its headings.</summary>
internal static partial class EventDocument
{
    /// <summary>All of it.</summary>
    public static string Text { get; } = File.ReadAllText(Tree.Path("EVENTS.md"));

    /// <summary>Its sections, in order.</summary>
    public static IReadOnlyList<EventSection> Sections { get; } = [.. Read()];

    /// <summary>Those about topics.</summary>
    public static IReadOnlyDictionary<string, EventSection> Topics { get; } = Sections.Where(section => section.IsTopic).ToDictionary(section => section.Title);

    /// <summary>A section by its heading.</summary>
    public static EventSection Section(string title) => Sections.Single(section => section.Title == title);

    private static IEnumerable<EventSection> Read()
    {
        var headings = Heading().Matches(Text);
        for (var i = 0; i < headings.Count; i++)
        {
            var from = headings[i].Index + headings[i].Length;
            var to = i + 1 < headings.Count ? headings[i + 1].Index : Text.Length;
            var title = headings[i].Groups[1].Value;
            yield return new EventSection(title.Trim('`'), Text[from..to]) { IsTopic = title[0] == '`' };
        }
    }

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
