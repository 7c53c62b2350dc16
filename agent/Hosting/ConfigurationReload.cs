using ThatDam.Agent.Control;
using ThatDam.Agent.Devices;
using ThatDam.Agent.Recording;

namespace ThatDam.Agent.Hosting;

/// <summary>
/// Reads the configuration again while the daemon runs (SIGHUP, <c>systemctl reload</c>): what can change does so for what comes after, what
/// cannot is said. A configuration with a mistake changes nothing. One at a time.
/// </summary>
/// <param name="read">Reads it.</param>
/// <param name="options">What is in force.</param>
/// <param name="live">What can change.</param>
/// <param name="log">Told what has changed, by its name alone.</param>
internal sealed class ConfigurationReload(Func<AgentOptions> read, AgentOptions options, IReadOnlyList<LiveSetting> live, ILogger log)
{
    private readonly Lock _gate = new();
    private AgentOptions _options = options;

    /// <summary>Reads it again.</summary>
    /// <returns>How it went, in a line.</returns>
    public string Run()
    {
        lock (_gate)
        {
            try
            {
                return Take(read());
            }
            catch (ConfigurationException e)
            {
                foreach (var mistake in e.Mistakes)
                    log.LogError("The configuration is left as it was: {Mistake}", LogLineFormatter.Escaped(mistake));
                return "The configuration has a mistake and is left as it was; the log names it";
            }
            catch (Exception e)
            {
                // Whatever it is: recordings run, and they do not end for a reload.
                log.LogError(e, "The configuration was read again and could not be put in force, or not all of it: systemctl restart thatdam-capture puts it in force");
                return "The configuration could not be put in force; the log says why";
            }
        }
    }

    private string Take(AgentOptions next)
    {
        var changed = next.Given.Keys.Union(_options.Given.Keys, StringComparer.OrdinalIgnoreCase)
            .Where(key => next.Given.GetValueOrDefault(key) != _options.Given.GetValueOrDefault(key)).Order(StringComparer.Ordinal).ToList();
        var now = live.Where(setting => changed.Any(setting.Covers)).ToList();
        foreach (var setting in now)
            setting.Apply(next);
        var later = changed.Where(key => !live.Any(setting => setting.Covers(key))).ToList();
        // What is not in force is told again by the next reload.
        _options = next with { Given = next.Given.Where(pair => !later.Contains(pair.Key)).Concat(_options.Given.Where(pair => later.Contains(pair.Key))).ToDictionary() };
        var taken = changed.Except(later).ToList();
        if (taken.Count > 0)
            log.LogInformation("The configuration was read again; in force from now on: {Keys}", string.Join(", ", taken));
        if (later.Count > 0)
            log.LogWarning("The configuration was read again; in force after a restart (systemctl restart thatdam-capture): {Keys}", string.Join(", ", later));
        if (changed.Count == 0)
            log.LogInformation("The configuration was read again; nothing has changed");
        return changed.Count == 0 ? "The configuration has not changed"
            : later.Count == 0 ? "The configuration was read again"
            : $"The configuration was read again; {string.Join(", ", later)} after a restart";
    }
}

/// <summary>Something that can change while the daemon runs.</summary>
/// <param name="Key">Such as <c>Log.Level</c>; <c>Camera</c>: every key of every camera.</param>
/// <param name="Apply">Puts it in force.</param>
internal sealed record LiveSetting(string Key, Action<AgentOptions> Apply)
{
    /// <summary>Those of this daemon.</summary>
    public static IReadOnlyList<LiveSetting> Of(LogThreshold log, Operators operators, OutputFolder output, DeviceCatalog devices, PlugRules rules) =>
    [
        new("Log.Level", next => log.Set(next.Log.Level)),
        new("Control.Operators", next => operators.Name(next.Control.Operators)),
        new("Recording.OutputDirectory", next => output.Move(next.Recording.OutputDirectory)),
        new("Camera", next =>
        {
            devices.Rule(next.Devices.Cameras);
            rules.Reconsider();
        }),
    ];

    /// <summary>Whether it is about a key.</summary>
    /// <param name="key">The section, a dot, and the name.</param>
    public bool Covers(string key) => key.Equals(Key, StringComparison.OrdinalIgnoreCase) || key.StartsWith(Key + ":", StringComparison.OrdinalIgnoreCase);
}
