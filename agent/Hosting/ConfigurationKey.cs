namespace ThatDam.Agent.Hosting;

/// <summary>One thing that can be configured.</summary>
/// <param name="Section">Its section.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Apply">The options with this one set from text.</param>
internal sealed record ConfigurationKey(string Section, string Name, Func<AgentOptions, string, AgentOptions> Apply)
{
    private const StringComparison AnyCase = StringComparison.OrdinalIgnoreCase;

    /// <summary>Whether its value may hold a password: then no message repeats it.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Every key there is, but for those of the <see cref="ConfigurationCamera"/>. A section or key that is neither here nor there is an error.</summary>
    public static IReadOnlyList<ConfigurationKey> All { get; } =
    [
        new("State", "Directory", (o, v) => o with { State = o.State with { Directory = ConfigurationValue.AbsolutePath(v) } }),
        new("Tenancy", "Tenant", (o, v) => o with { Tenancy = o.Tenancy with { Tenant = ConfigurationValue.Name(v) } }),
        new("Tenancy", "MaxRecordings", (o, v) => o with { Tenancy = o.Tenancy with { MaxRecordings = ConfigurationValue.Whole(v, 0, 1000) } }),
        new("Events", "MaxBytes", (o, v) => o with { Events = o.Events with { MaxBytes = ConfigurationValue.Size(v, 64 << 10, 64L << 30) } }),
        new("Events", "MaxAge", (o, v) => o with { Events = o.Events with { MaxAge = ConfigurationValue.Span(v, TimeSpan.FromMinutes(1), TimeSpan.FromDays(366)) } }),
        new("Events", "DeviceListInterval", (o, v) => o with { Events = o.Events with { DeviceListInterval = ConfigurationValue.Span(v, TimeSpan.Zero, TimeSpan.FromDays(1)) } }),
        new("Events", "RequestTopic", (o, v) => o with { Events = o.Events with { RequestTopic = ConfigurationValue.RequestTopic(v) } }),
        new("Broker", "Url", (o, v) => o with { Broker = o.Broker with { Urls = BrokerValue.Urls(v) } }) { IsSecret = true },
        new("Broker", "Exchange", (o, v) => o with { Broker = o.Broker with { Exchange = ConfigurationValue.Topic(v) } }),
        new("Broker", "PasswordFile", (o, v) => o with { Broker = o.Broker with { PasswordFile = ConfigurationValue.AbsolutePath(v) } }),
        new("Broker", "CaFile", (o, v) => o with { Broker = o.Broker with { CaFile = ConfigurationValue.AbsolutePath(v) } }),
        new("Broker", "CertificateFile", (o, v) => o with { Broker = o.Broker with { CertificateFile = ConfigurationValue.AbsolutePath(v) } }),
        new("Broker", "KeyFile", (o, v) => o with { Broker = o.Broker with { KeyFile = ConfigurationValue.AbsolutePath(v) } }),
        new("Broker", "Queues", (o, v) => o with { Broker = o.Broker with { Queues = BrokerValue.Queues(v) } }),
        new("Broker", "QueueMaxMessages", (o, v) => o with { Broker = o.Broker with { QueueMaxMessages = ConfigurationValue.Whole(v, 1, 100_000_000) } }),
        new("Broker", "ConfirmTimeout", (o, v) => o with { Broker = o.Broker with { ConfirmTimeout = ConfigurationValue.Span(v, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)) } }),
        new("Audit", "MaxBytes", (o, v) => o with { Audit = o.Audit with { MaxBytes = ConfigurationValue.Size(v, 4 << 10, 1L << 30) } }),
        new("Audit", "Files", (o, v) => o with { Audit = o.Audit with { Files = ConfigurationValue.Whole(v, 2, 1000) } }),
        new("Devices", "ForgetAfter", (o, v) => o with { Devices = o.Devices with { ForgetAfter = ConfigurationValue.Span(v, TimeSpan.Zero, TimeSpan.FromDays(3660)) } }),
        new("VirtualCameras", "Count", (o, v) => o with { VirtualCameras = o.VirtualCameras with { Count = ConfigurationValue.Whole(v, 0, 64) } }),
        new("Capture", "Buffers", (o, v) => o with { Capture = o.Capture with { Buffers = ConfigurationValue.Whole(v, 2, 32) } }),
        new("Capture", "ZeroCopy", (o, v) => o with { Capture = o.Capture with { ZeroCopy = ConfigurationValue.OneOf(v, ("auto", true), ("off", false)) } }),
        new("Ffmpeg", "Path", (o, v) => o with { Ffmpeg = o.Ffmpeg with { Path = ConfigurationValue.Program(v) } }),
        new("Ffmpeg", "PoolSize", (o, v) => o with { Ffmpeg = o.Ffmpeg with { PoolSize = ConfigurationValue.Whole(v, 0, 16) } }),
        new("Ffmpeg", "Preset", (o, v) => o with { Ffmpeg = o.Ffmpeg with { Preset = ConfigurationValue.OneOf(v, ConfigurationValue.Presets) } }),
        new("Recording", "OutputDirectory", (o, v) => o with { Recording = o.Recording with { OutputDirectory = ConfigurationValue.AbsolutePath(v) } }),
        new("Recording", "ResumeWithin", (o, v) => o with { Recording = o.Recording with { ResumeWithin = ConfigurationValue.Span(v, TimeSpan.Zero, TimeSpan.FromDays(7)) } }),
        new("Control", "Socket", (o, v) => o with { Control = o.Control with { Socket = ConfigurationValue.AbsolutePath(v) } }),
        new("Control", "Operators", (o, v) => o with { Control = o.Control with { Operators = ConfigurationValue.Principals(v) } }),
        new("Metrics", "Listen", (o, v) => o with { Metrics = o.Metrics with { Listen = ConfigurationValue.EndPoint(v) } }),
        new("Log", "Target", (o, v) => o with { Log = o.Log with { Target = ConfigurationValue.OneOf(v, ("auto", LogTarget.Auto), ("journal", LogTarget.Journal), ("stderr", LogTarget.Stderr)) } }),
        new("Log", "Level", (o, v) => o with { Log = o.Log with { Level = ConfigurationValue.OneOf(v, ConfigurationValue.Levels) } }),
    ];

    /// <summary>The key of that name, in any case.</summary>
    /// <param name="section">Its section.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="problem">Why there is none, with the names that there are.</param>
    public static ConfigurationKey? Find(string section, string name, out string problem)
    {
        problem = "";
        var keys = ConfigurationCamera.IsSection(section) ? [.. ConfigurationCamera.KeysOf(section)] : All.Where(key => key.Section.Equals(section, AnyCase)).ToList();
        if (keys.Count == 0)
            problem = UnknownSection(section);
        else if (keys.Find(key => key.Name.Equals(name, AnyCase)) is { } found)
            return found;
        else
            problem = $"unknown key '{name}' in [{keys[0].Section}]; known keys: {string.Join(", ", keys.Select(key => key.Name))}";
        return null;
    }

    /// <summary>Whether a section has any key.</summary>
    public static bool IsSection(string section) => ConfigurationCamera.IsSection(section) || All.Any(key => key.Section.Equals(section, AnyCase));

    /// <summary>What to say of a section that is not there.</summary>
    public static string UnknownSection(string section) => ConfigurationCamera.WrongName(section)
        ?? (section.Length == 0 ? "a key must stand in a section" : $"unknown section [{section}]")
        + $"; known sections: {string.Join(", ", All.Select(key => key.Section).Distinct())}, {ConfigurationCamera.Pattern}";
}
