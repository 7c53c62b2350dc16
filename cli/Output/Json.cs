using System.Text;
using System.Text.Json;

using ThatDam.Cli.Client;

namespace ThatDam.Cli.Output;

/// <summary>The daemon's JSON, passed on as it came.</summary>
internal static class Json
{
    /// <summary>Writes an answer.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="format">Json, or JsonLines.</param>
    /// <param name="list">The member that holds the elements, if the answer is a list.</param>
    public static void Write(Terminal terminal, Answer answer, OutputFormat format, string? list = null)
    {
        if (format == OutputFormat.JsonLines && list is not null)
        {
            using JsonDocument document = Parse(answer);
            foreach (JsonElement element in Elements(document, list))
                terminal.Out.Write(Line(element.GetRawText()));
        }
        else
        {
            terminal.Out.Write(Line(Encoding.UTF8.GetString(answer.Json)));
        }

        terminal.Out.Flush();
    }

    /// <summary>Answers joined into a list, each as it came.</summary>
    public static Answer Join(string list, IEnumerable<Answer> answers)
    {
        string elements = string.Join(',', answers.Select(answer => Encoding.UTF8.GetString(answer.Json).Trim()));
        return new Answer(Encoding.UTF8.GetBytes($"{{\"{list}\":[{elements}]}}"));
    }

    /// <summary>A list with only those elements whose <c>id</c> is asked for, each as it came.</summary>
    public static Answer Only(Answer answer, string list, IEnumerable<string> ids) =>
        Join(list, ids.Select(id => Element(answer, list, id)).OfType<Answer>());

    /// <summary>The element of a list whose <c>id</c> this is, as it came; null if there is none.</summary>
    public static Answer? Element(Answer answer, string list, string id)
    {
        using JsonDocument document = Parse(answer);
        foreach (JsonElement element in Elements(document, list))
        {
            if (element.TryGetProperty("id", out JsonElement own) && own.ValueEquals(id))
                return new Answer(Encoding.UTF8.GetBytes(element.GetRawText()));
        }

        return null;
    }

    private static JsonElement.ArrayEnumerator Elements(JsonDocument document, string list) =>
        document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty(list, out JsonElement elements) && elements.ValueKind == JsonValueKind.Array
            ? elements.EnumerateArray()
            : throw NotUnderstood($"it has no {list}");

    private static JsonDocument Parse(Answer answer)
    {
        try
        {
            return JsonDocument.Parse(answer.Json);
        }
        catch (JsonException e)
        {
            throw NotUnderstood(e.Message);
        }
    }

    private static FailureException NotUnderstood(string reason) =>
        new(ExitCode.Failure, $"the daemon's answer: not understood ({reason})");

    // Within JSON a line break can only be white space: strings have theirs escaped.
    private static string Line(string json) => json.Trim().Replace('\n', ' ').Replace('\r', ' ') + "\n";
}
