using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

using ThatDam.Cli.Input;
using ThatDam.Cli.Output;
using ThatDam.Contract.Events;

namespace ThatDam.Cli.Commands;

/// <summary><c>damctl events validate FILE</c></summary>
internal static class EventsValidateCommand
{
    public static Verb Create(GlobalOptions options)
    {
        Argument<string> file = Naming.Named("FILE", "Lines as `damctl events tail -o jsonl` prints them; - for standard input");
        var verb = new Verb(
            "validate",
            "Whether events keep the contract. Prints each fault with file and line; 1 if there is any. Asks no daemon",
            "damctl events validate events.jsonl",
            "damctl events tail --since 1h --no-follow -o jsonl | damctl events validate -")
        {
            file,
        };
        return options.Run(verb, (parsed, run) => Validate(run, parsed.GetRequiredValue(file)));
    }

    private static int Validate(Invocation run, string path)
    {
        string name = InputFile.Name(path);
        using Stream stream = InputFile.Open(path, run.Terminal);
        var lines = new Lines(name, stream);
        var report = new FaultReport(run, name);
        while (lines.Next() is { } line)
        {
            if (!IsBlank(line.Span))
                report.Add(lines.Number, Faults(line));
        }

        if (report.Events == 0)
        {
            throw new FailureException(
                ExitCode.Usage,
                $"{name}: no events in it",
                "`damctl events tail --since 1h --no-follow -o jsonl` prints some");
        }

        report.End();
        return report.Invalid == 0 ? ExitCode.Ok : ExitCode.Failure;
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r"u8) < 0;

    private static IReadOnlyList<string> Faults(ReadOnlyMemory<byte> line)
    {
        if (!Utf8.IsValid(line.Span))
            return ["not UTF-8"];
        try
        {
            using JsonDocument document = JsonDocument.Parse(line, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Faults(document.RootElement);
        }
        catch (JsonException e)
        {
            // What the message says of lines is of the line within this one.
            string reason = e.Message.Split(" LineNumber:", 2)[0].TrimEnd('.');
            return [string.Create(CultureInfo.InvariantCulture, $"not JSON: {reason}, at byte {e.BytePositionInLine + 1}")];
        }
        catch (InvalidOperationException e)
        {
            return [$"cannot be read: {e.Message}"];
        }
    }

    private static IReadOnlyList<string> Faults(JsonElement envelope)
    {
        const string Wanted = """not {"topic":…,"event":{…}}""";
        if (envelope.ValueKind != JsonValueKind.Object)
            return [Wanted];
        if (!envelope.TryGetProperty("topic", out JsonElement topic) || topic.ValueKind != JsonValueKind.String)
            return [$"{Wanted}: field 'topic' is {(topic.ValueKind == JsonValueKind.Undefined ? "missing" : "not text")}"];
        return envelope.TryGetProperty("event", out JsonElement body)
            ? EventCheck.Faults(topic.GetString()!, body)
            : [$"{Wanted}: field 'event' is missing"];
    }
}
