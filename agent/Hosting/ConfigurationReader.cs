namespace ThatDam.Agent.Hosting;

/// <summary>
/// The configuration: <c>/etc/thatdam/capture.conf</c>, then <c>capture.conf.d/*.conf</c> by name, then the environment, then the flags;
/// each over the one before. Read once, at the start. A value left empty goes back to the default.
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
        var given = new Dictionary<ConfigurationKey, string>();
        foreach (var entry in entries)
        {
            if (ConfigurationKey.Find(entry.Section, entry.Name, out var problem) is not { } key)
            {
                mistakes.Add($"{entry.Place}: {problem}");
                continue;
            }
            try
            {
                if (entry.Value.Length > 0)
                    _ = key.Apply(options, entry.Value);
                if (key.IsSecret && entry.Place == CommandLineFlags.Place && BrokerValue.HasPassword(entry.Value))
                    throw new FormatException("must not hold a password here, where every user of the machine can read it: put it into a file, and name that in PasswordFile=");
                given[key] = entry.Value;
            }
            catch (FormatException e)
            {
                mistakes.Add($"{entry.Place}: {(key.IsSecret ? Hidden(entry) : entry.Written)}: {key.Name} in [{key.Section}] {e.Message}");
            }
        }
        if (mistakes.Count > 0)
            throw new ConfigurationException([.. mistakes.Select(BrokerValue.WithoutPasswords)]);
        return given.Where(pair => pair.Value.Length > 0).Aggregate(options, (sofar, pair) => pair.Key.Apply(sofar, pair.Value));
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
