using System.Text;
using System.Text.Json;

using ThatDam.Cli.Output;

namespace ThatDam.Cli.Doctor;

/// <summary>Findings, for people or as JSON: {"findings": […]}, or one a line.</summary>
internal static class FindingReport
{
    /// <summary>Prints them.</summary>
    public static void Print(Invocation run, Examination found, IReadOnlyList<Finding> findings)
    {
        switch (run.Format)
        {
            case OutputFormat.Json:
                run.Terminal.Out.Write(Json(json =>
                {
                    json.WriteStartObject();
                    json.WriteStartArray("findings");
                    foreach (Finding finding in findings)
                        Write(json, finding);
                    json.WriteEndArray();
                    json.WriteEndObject();
                }) + "\n");
                break;
            case OutputFormat.JsonLines:
                foreach (Finding finding in findings)
                    run.Terminal.Out.Write(Json(json => Write(json, finding)) + "\n");
                break;
            default:
                foreach (Finding finding in findings)
                    Print(run.Terminal, finding);
                PrintSum(run.Terminal, found, findings);
                break;
        }

        run.Terminal.Out.Flush();
    }

    private static void Print(Terminal terminal, Finding finding)
    {
        string head = PlainText.Of($"{Word(finding.Severity)}: {finding.Subject}: {finding.What}");
        terminal.Out.WriteLine(terminal.Paint(head, finding.Severity switch { Severity.Error => Style.Red, Severity.Warning => Style.Yellow, _ => Style.Bold }));
        var fields = new Fields();
        fields.Add("cause", finding.Cause);
        fields.Add("remedy", finding.Remedy);
        fields.Write(terminal);
        terminal.Out.WriteLine();
    }

    private static void PrintSum(Terminal terminal, Examination found, IReadOnlyList<Finding> findings)
    {
        int errors = findings.Count(finding => finding.Severity == Severity.Error);
        int warnings = findings.Count(finding => finding.Severity == Severity.Warning);
        string seen = $"{(found.Devices is [var only] ? PlainText.Of(only.Id) : Counted(found.Devices.Count, "device"))} and {Counted(found.Processes.Seen, "process", "es")} looked at";
        terminal.Out.WriteLine(errors + warnings == 0
            ? terminal.Paint("nothing is wrong", Style.Green) + $"; {seen}"
            : $"{Counted(errors, "error")}, {Counted(warnings, "warning")}; {seen}");
    }

    private static string Counted(int count, string what, string plural = "s") => $"{Figures.Count(count)} {what}{(count == 1 ? "" : plural)}";

    private static string Word(Severity severity) => severity switch { Severity.Error => "error", Severity.Warning => "warning", _ => "info" };

    private static void Write(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("subject", finding.Subject);
        json.WriteString("severity", Word(finding.Severity));
        json.WriteString("finding", finding.What);
        json.WriteString("cause", finding.Cause);
        if (finding.Remedy is not null)
            json.WriteString("remedy", finding.Remedy);
        json.WriteEndObject();
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
            write(json);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
