using ThatDam.Agent.Devices;

namespace ThatDam.Agent.Hosting;

/// <summary>
/// The <c>[Camera:NAME]</c> sections: as many as there are names, each with the same keys. Sections whose names differ only in case are
/// one, as it is with all sections; the spelling that comes first is the camera's name.
/// </summary>
internal static class ConfigurationCamera
{
    /// <summary>How the section is written.</summary>
    public const string Pattern = "Camera:NAME";

    /// <summary>The key that every one needs.</summary>
    public const string Match = "Match";

    private const string Prefix = "Camera:";
    private const string Matches = "serial:TEXT, port:TEXT, name:PATTERN or id:STABLE_ID";

    private static readonly (string Name, Func<CameraRule, string, CameraRule> Apply)[] Keys =
    [
        (Match, (rule, v) => rule with { Match = MatchOf(v) }),
        ("Codec", (rule, v) => rule with { Profile = rule.Profile with { Codec = ConfigurationValue.OneOf(v, ConfigurationValue.Codecs) } }),
        ("Size", (rule, v) => rule with { Profile = Sized(rule.Profile, ConfigurationValue.PictureSize(v)) }),
        ("Fps", (rule, v) => rule with { Profile = rule.Profile with { Fps = ConfigurationValue.FramesPerSecond(v) } }),
        ("Segment", (rule, v) => rule with { Profile = rule.Profile with { Segment = ConfigurationValue.Span(v, TimeSpan.FromSeconds(10), TimeSpan.FromDays(7)) } }),
        ("OnPlug", (rule, v) => rule with { RecordOnPlug = ConfigurationValue.OneOf(v, ("record", true), ("nothing", false)) }),
        ("OnReplug", (rule, v) => rule with { ResumeOnReplug = ConfigurationValue.OneOf(v, ("resume", true), ("nothing", false)) }),
    ];

    /// <summary>Whether a section is a camera's, with a name that will do.</summary>
    public static bool IsSection(string section) => IsCamera(section) && IsName(section[Prefix.Length..]);

    /// <summary>What to say of a section that is a camera's but for its name; null for any other.</summary>
    public static string? WrongName(string section) => IsCamera(section) || section.Equals(Prefix[..^1], StringComparison.OrdinalIgnoreCase)
        ? $"[{section}]: a camera's section must be [{Pattern}], its name 1 to 64 of A-Z a-z 0-9 . _ -, not of dots alone, and none that a device has by itself, such as video0"
        : null;

    /// <summary>The keys of a section that is a camera's.</summary>
    public static IEnumerable<ConfigurationKey> KeysOf(string section) =>
        Keys.Select(key => new ConfigurationKey(section, key.Name, (options, value) => options with { Devices = Apply(options.Devices, section[Prefix.Length..], key.Apply, value) }));

    /// <summary>The rule of a section, before its keys.</summary>
    public static CameraRule Begin(string section) => new() { Name = section[Prefix.Length..] };

    /// <summary>What to say of a camera that no <c>Match=</c> was given; null for one that has it.</summary>
    /// <param name="begun">Where its section was begun.</param>
    /// <param name="match">The last <c>Match=</c>, which may have been left empty.</param>
    public static string? WithoutMatch(ConfigurationEntry begun, ConfigurationEntry? match) => match is { Value.Length: > 0 }
        ? null
        : $"{(match ?? begun).Place}: {(match is null ? "" : $"{match.Written}: ")}[{begun.Section}] needs {Match}=, which says what camera it is: {Matches}";

    private static DevicesOptions Apply(DevicesOptions devices, string name, Func<CameraRule, string, CameraRule> apply, string value)
    {
        var known = devices.Cameras.Any(rule => Is(rule, name));
        IEnumerable<CameraRule> rules = known ? devices.Cameras : devices.Cameras.Append(new CameraRule { Name = name });
        return devices with { Cameras = [.. rules.Select(rule => Is(rule, name) ? apply(rule, value) : rule)] };
    }

    private static CameraProfile Sized(CameraProfile profile, (int Width, int Height) size) => profile with { Width = size.Width, Height = size.Height };

    private static bool Is(CameraRule rule, string name) => rule.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static bool IsCamera(string section) => section.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    private static bool IsName(string name) => ConfigurationValue.IsName(name) && name.Trim('.').Length > 0 && !IsNodes(name);

    // A node's name: letters, then digits alone. Of these the kernel and the daemon give out some.
    private static bool IsNodes(string name)
    {
        var word = name.TrimEnd(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']).ToLowerInvariant();
        return word.Length < name.Length && word is "video" or "virtual" or "vbi" or "radio" or "swradio" or "v4l-touch" or "v4l-subdev";
    }

    private static CameraMatch MatchOf(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var what = colon < 0 ? "" : text[(colon + 1)..].Trim();
        CameraMatchKind? kind = colon < 0 ? null : text[..colon].Trim().ToLowerInvariant() switch
        {
            "serial" => CameraMatchKind.Serial,
            "port" => CameraMatchKind.Port,
            "name" => CameraMatchKind.Name,
            "id" => CameraMatchKind.Id,
            _ => null,
        };
        return kind is { } known && what.Length is > 0 and <= 256 ? new CameraMatch(known, what) : throw new FormatException($"must be {Matches}");
    }
}
