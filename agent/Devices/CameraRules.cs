namespace ThatDam.Agent.Devices;

/// <summary>The <c>[Camera:NAME]</c> sections of the configuration, in its order: which of them a device is. Pure; for any thread.</summary>
/// <param name="rules">Of several that match one device, the first counts.</param>
public sealed class CameraRules(IReadOnlyList<CameraRule> rules)
{
    /// <summary>
    /// The rule of a device, and in words which line gave it that and why: the serial number of a camera is that of its metadata node too,
    /// so only what captures has one. Null and null where none matches.
    /// </summary>
    public (CameraRule? Rule, string? Matched) For(Device device)
    {
        if (device.Role != DeviceRole.Capture)
            return (null, null);
        CameraRule? first = null;
        string? matched = null;
        foreach (var rule in rules)
        {
            if (rule.Match is not { } match || Why(match, device) is not { } why)
                continue;
            if (first is null)
                (first, matched) = (rule, $"[Camera:{rule.Name}] Match={Written(match)} — {why}");
            else
                matched += $"; [Camera:{rule.Name}] matches too, but stands after it";
        }
        return (first, matched);
    }

    /// <summary>A match as the configuration has it, such as <c>serial:A1B2</c>.</summary>
    public static string Written(CameraMatch match) => $"{match.Kind.ToString().ToLowerInvariant()}:{match.Text}";

    private static string? Why(CameraMatch match, Device device) => match.Kind switch
    {
        CameraMatchKind.Serial when device.Serial == match.Text => $"its serial number is {device.Serial}",
        CameraMatchKind.Port when device.Port is { } port && IsPort(port, match.Text) => $"it is plugged at {port}",
        CameraMatchKind.Name when Fits(device.Name, match.Text) => $"its name is '{device.Name}'",
        CameraMatchKind.Id when device.StableId == match.Text => $"its stable id is {device.StableId}",
        _ => null,
    };

    // The whole place, or its USB part; each with the interface at its end, or without.
    private static bool IsPort(string port, string text)
    {
        if (port == text)
            return true;
        var usb = port.StartsWith("usb-", StringComparison.Ordinal) ? 0 : port.IndexOf("-usb-", StringComparison.Ordinal) + 1;
        if (usb == 0 && !port.StartsWith("usb-", StringComparison.Ordinal))
            return false;
        var part = port[usb..];
        var whole = part.Count(c => c == ':') > 1 ? port[..port.LastIndexOf(':')] : port;
        return text == part || text == whole || text == whole[usb..];
    }

    /// <summary>
    /// Whether a text is as a pattern has it, in any case: <c>*</c> is any number of characters, <c>?</c> one. Goes back to the last star
    /// alone, so it takes at most the product of the two lengths.
    /// </summary>
    internal static bool Fits(string text, string pattern)
    {
        int at = 0, of = 0, star = -1, tried = 0;
        while (at < text.Length)
        {
            if (of < pattern.Length && pattern[of] == '*')
                (star, tried, of) = (of, at, of + 1);
            else if (of < pattern.Length && (pattern[of] == '?' || char.ToUpperInvariant(pattern[of]) == char.ToUpperInvariant(text[at])))
                (at, of) = (at + 1, of + 1);
            else if (star >= 0)
                (of, at) = (star + 1, ++tried);
            else
                return false;
        }
        while (of < pattern.Length && pattern[of] == '*')
            of++;
        return of == pattern.Length;
    }
}
