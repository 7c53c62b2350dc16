namespace ThatDam.Agent.Hosting;

/// <summary>
/// The configuration: <c>/etc/thatdam/capture.conf</c>, then <c>capture.conf.d/*.conf</c> by name, then the environment, then the flags;
/// each over the one before. A value left empty goes back to the default. Cameras keep the order in which their
/// sections first appear.
/// </summary>
/// <param name="defaultFile">The file that is read when none is named, if it is there.</param>
/// <param name="environment">The value of a variable, or null.</param>
internal sealed class ConfigurationReader(string defaultFile, Func<string, string?> environment)
{
    /// <summary>Where the configuration lies.</summary>
    public const string DefaultFile = "/etc/thatdam/capture.conf";

    // The platform's names. The later goes over the earlier.
    private static readonly (string Variable, string Section, string Name)[] Variables =
    [
        ("AMQP_URL", "Broker", "Url"),
        ("EVENT_BROKER_URL", "Broker", "Url"),
        ("BROKER_EXCHANGE", "Broker", "Exchange"),
        ("CAPTURE_OUTDIR", "Recording", "OutputDirectory"),
        ("THATDAM_SOCKET", "Control", "Socket"),
    ];

    /// <summary>Reads all of it.</summary>
    /// <exception cref="ConfigurationException">Unknown sections and keys, values that will not do, files that cannot be read: all of them.</exception>
    public AgentOptions Read(CommandLineFlags flags)
    {
        var mistakes = new List<string>();
        var entries = new List<ConfigurationEntry>();
        foreach (var file in flags.ConfigurationFile is { } named ? [named] : DefaultFiles(mistakes))
            entries.AddRange(ConfigurationFile.Read(file, mistakes));
        foreach (var (variable, section, name) in Variables)
        {
            if (environment(variable) is { Length: > 0 } value)
                entries.Add(new ConfigurationEntry(section, name, value, "environment", $"{variable}={value}"));
        }
        entries.AddRange(flags.Values);

        var options = new AgentOptions();
        var given = new OrderedDictionary<string, (ConfigurationKey Key, ConfigurationEntry Entry)>(StringComparer.OrdinalIgnoreCase);
        var cameras = new OrderedDictionary<string, ConfigurationEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in entries)
        {
            if (ConfigurationCamera.IsSection(entry.Section))
                cameras.TryAdd(entry.Section, entry);
            if (entry.Name.Length == 0)
                continue;
            if (ConfigurationKey.Find(entry.Section, entry.Name, out var problem) is not { } key)
            {
                mistakes.Add($"{entry.Place}: {problem}");
                continue;
            }
            given[$"{key.Section}.{key.Name}"] = (key, entry);
            try
            {
                if (entry.Value.Length > 0)
                    _ = key.Apply(options, entry.Value);
                if (key.IsSecret && entry.Place == CommandLineFlags.Place && BrokerValue.HasPassword(entry.Value))
                    throw new FormatException("must not hold a password here, where every user of the machine can read it: put it into a file, and name that in PasswordFile=");
            }
            catch (FormatException e)
            {
                mistakes.Add($"{entry.Place}: {(key.IsSecret ? Hidden(entry) : entry.Written)}: {key.Name} in [{key.Section}] {e.Message}");
            }
        }
        mistakes.AddRange(cameras.Select(camera => ConfigurationCamera.WithoutMatch(
            camera.Value, given.TryGetValue($"{camera.Key}.{ConfigurationCamera.Match}", out var match) ? match.Entry : null)).OfType<string>());
        if (mistakes.Count > 0)
            throw new ConfigurationException([.. mistakes.Select(BrokerValue.WithoutPasswords)]);
        options = options with
        {
            Given = given.Where(one => one.Value.Entry.Value.Length > 0).ToDictionary(one => one.Key, one => one.Value.Entry.Value, StringComparer.OrdinalIgnoreCase),
            Devices = options.Devices with { Cameras = [.. cameras.Keys.Select(ConfigurationCamera.Begin)] },
        };
        return given.Values.Where(one => one.Entry.Value.Length > 0).Aggregate(options, (sofar, one) => one.Key.Apply(sofar, one.Entry.Value));
    }

    // What is written is always a name, = and the value.
    private static string Hidden(ConfigurationEntry entry) => entry.Written[..(entry.Written.IndexOf('=', StringComparison.Ordinal) + 1)] + "…";

    private List<string> DefaultFiles(List<string> mistakes)
    {
        var files = new List<string>();
        if (File.Exists(defaultFile))
            files.Add(defaultFile);
        try
        {
            if (Directory.Exists(defaultFile + ".d"))
                files.AddRange(Directory.GetFiles(defaultFile + ".d", "*.conf").Order(StringComparer.Ordinal));
        }
        catch (UnauthorizedAccessException)
        {
            mistakes.Add($"{defaultFile}.d: cannot be read by user {Environment.UserName}");
        }
        return files;
    }
}
