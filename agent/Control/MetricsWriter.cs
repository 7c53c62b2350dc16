using System.Globalization;
using System.Text;

namespace ThatDam.Agent.Control;

/// <summary>Writes Prometheus' text format: a metric's help and type, then its values.</summary>
internal sealed class MetricsWriter
{
    private readonly StringBuilder _text = new();
    private string _name = "";

    /// <summary>What may go down.</summary>
    public MetricsWriter Gauge(string name, string help) => Begin(name, help, "gauge");

    /// <summary>What only goes up.</summary>
    public MetricsWriter Counter(string name, string help) => Begin(name, help, "counter");

    /// <summary>A histogram without labels.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="help">What it counts.</param>
    /// <param name="bounds">The buckets' bounds.</param>
    /// <param name="counts">How many are in each, not those of the one before it; one more for what is above.</param>
    /// <param name="sum">The sum of all values.</param>
    public void Histogram(string name, string help, IReadOnlyList<double> bounds, IReadOnlyList<long> counts, double sum)
    {
        Begin(name, help, "histogram");
        long all = 0;
        for (var i = 0; i < counts.Count; i++)
        {
            all += counts[i];
            Line($"{name}_bucket", all, ("le", i < bounds.Count ? Number(bounds[i]) : "+Inf"));
        }
        Line($"{name}_sum", sum);
        Line($"{name}_count", all);
    }

    /// <summary>A value of the metric that was begun last.</summary>
    public void Value(double value, params ReadOnlySpan<(string Name, string Value)> labels) => Line(_name, value, labels);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private MetricsWriter Begin(string name, string help, string type)
    {
        _name = name;
        _text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        return this;
    }

    private void Line(string name, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(name);
        for (var i = 0; i < labels.Length; i++)
            _text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"").Append(Escaped(labels[i].Value)).Append('"');
        if (labels.Length > 0)
            _text.Append('}');
        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escaped(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
