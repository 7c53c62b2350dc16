using System.Globalization;

namespace ThatDam.Cli.Output;

/// <summary>Numbers as people read them.</summary>
internal static class Figures
{
    private static readonly string[] s_units = ["B", "kB", "MB", "GB", "TB", "PB"];

    /// <summary>Bytes with a decimal unit, such as <c>12.3 MB</c>.</summary>
    public static string Bytes(long bytes)
    {
        double value = bytes;
        int unit = 0;
        for (; Math.Abs(value) >= 999.5 && unit < s_units.Length - 1; unit++)
            value /= 1000;
        string format = unit == 0 || Math.Abs(value) >= 99.95 ? "0" : "0.0";
        return string.Create(CultureInfo.InvariantCulture, $"{value.ToString(format, CultureInfo.InvariantCulture)} {s_units[unit]}");
    }

    /// <summary>A number of up to two decimals, such as <c>29.97</c>.</summary>
    public static string Rate(double rate) => rate.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A count.</summary>
    public static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);

    /// <summary>Seconds as <c>h:mm:ss</c>.</summary>
    public static string Elapsed(double seconds)
    {
        long whole = (long)Math.Max(0, seconds);
        return string.Create(CultureInfo.InvariantCulture, $"{whole / 3600}:{whole / 60 % 60:00}:{whole % 60:00}");
    }

    /// <summary>Seconds in the two greatest units, such as <c>2 h 13 min</c>.</summary>
    public static string Span(double seconds)
    {
        long whole = (long)Math.Max(0, seconds);
        return whole switch
        {
            < 60 => $"{Rate(Math.Max(0, seconds))} s",
            < 3600 => string.Create(CultureInfo.InvariantCulture, $"{whole / 60} min {whole % 60} s"),
            < 86400 => string.Create(CultureInfo.InvariantCulture, $"{whole / 3600} h {whole / 60 % 60} min"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{whole / 86400} d {whole / 3600 % 24} h"),
        };
    }
}
