namespace ThatDam.Agent.Tenancy;

/// <summary>What a request's headers tell of what it belongs to. Whatever does not keep to its form is ignored, as if it were not there.</summary>
public static class TraceContext
{
    /// <summary>The longest id that is taken from a client, in characters.</summary>
    public const int MostCharacters = 128;

    private const int FormLength = 55; // 00-32 digits-16 digits-00

    /// <summary>The trace of a <c>traceparent</c> header (W3C Trace Context): 32 hexadecimal digits; null when it names none.</summary>
    public static string? TraceId(string? traceparent)
    {
        if (traceparent is not { Length: >= FormLength } || traceparent[2] != '-' || traceparent[35] != '-' || traceparent[52] != '-')
            return null;
        var (version, trace, parent, flags) = (traceparent[..2], traceparent[3..35], traceparent[36..52], traceparent[53..55]);
        if (!IsHexadecimal(version) || !IsHexadecimal(trace) || !IsHexadecimal(parent) || !IsHexadecimal(flags))
            return null;
        // Version 0 ends here; a later one may go on after another hyphen. ff is no version.
        var ends = version == "00" ? traceparent.Length == FormLength : traceparent.Length == FormLength || traceparent[FormLength] == '-';
        return ends && version != "ff" && trace.Trim('0').Length > 0 && parent.Trim('0').Length > 0 ? trace : null;
    }

    /// <summary>The id of an <c>X-Request-ID</c> or <c>X-Correlation-ID</c> header: 1 to 128 printable ASCII characters, neither spaces nor quotes; else null.</summary>
    public static string? Id(string? header) =>
        header is { Length: > 0 and <= MostCharacters } && header.All(c => c is > ' ' and <= '~' and not ('"' or '\'')) ? header : null;

    // The standard knows lower case alone.
    private static bool IsHexadecimal(string text) => text.All(char.IsAsciiHexDigitLower);
}
