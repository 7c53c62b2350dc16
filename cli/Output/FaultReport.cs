using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ThatDam.Cli.Output;

/// <summary>
/// The faults of a file of events: for people and as JSON lines each one when it is found, as JSON all of them at the end.
/// </summary>
/// <param name="run">Where to print and how.</param>
/// <param name="file">What to call the file.</param>
internal sealed class FaultReport(Invocation run, string file)
{
    private readonly List<(long Line, string Fault)> _faults = [];

    /// <summary>Events so far.</summary>
    public long Events { get; private set; }

    /// <summary>Those of them with a fault.</summary>
    public long Invalid { get; private set; }

    /// <summary>Takes an event's faults.</summary>
    /// <param name="line">Where it stands, from 1.</param>
    /// <param name="faults">None for one that is valid.</param>
    public void Add(long line, IReadOnlyList<string> faults)
    {
        Events++;
        if (faults.Count == 0)
            return;
        Invalid++;
        foreach (string fault in faults)
        {
            if (run.Format == OutputFormat.Json)
                _faults.Add((line, fault));
            else if (run.Format == OutputFormat.JsonLines)
                run.Terminal.Out.Write(Json(json => WriteFault(json, line, fault)) + "\n");
            else
                run.Terminal.Out.WriteLine(run.Terminal.Paint(PlainText.Of(string.Create(CultureInfo.InvariantCulture, $"{file}:{line}: {fault}")), Style.Red));
        }

        run.Terminal.Out.Flush();
    }

    /// <summary>Says how it came out.</summary>
    public void End()
    {
        if (run.ForPeople)
            run.Terminal.Out.WriteLine($"{BrokerText.Events(Events)}, {Figures.Count(Invalid)} invalid");
        else if (run.Format == OutputFormat.Json)
            run.Terminal.Out.Write(Json(WriteAll) + "\n");
        run.Terminal.Out.Flush();
    }

    private void WriteAll(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("events", Events);
        json.WriteNumber("invalid", Invalid);
        json.WriteStartArray("faults");
        foreach ((long line, string fault) in _faults)
            WriteFault(json, line, fault);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteFault(Utf8JsonWriter json, long line, string fault)
    {
        json.WriteStartObject();
        json.WriteString("file", file);
        json.WriteNumber("line", line);
        json.WriteString("fault", fault);
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
