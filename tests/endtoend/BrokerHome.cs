using System.Text.RegularExpressions;

namespace ThatDam.EndToEnd.Tests;

/// <summary>
/// RabbitMQ with no more of its plugins than it needs itself, as a folder of links to this machine's. Its start looks for each of its modules
/// in every plugin, and reads all of them: in the test bed, where each look is dear, that is much of what the start takes.
/// </summary>
internal static partial class BrokerHome
{
    private static readonly string Installed = Directory.GetDirectories("/usr/lib/rabbitmq/lib", "rabbitmq_server-*").Order(StringComparer.Ordinal).Last();

    /// <summary>Makes it in a folder.</summary>
    /// <returns>Its scripts, for RABBITMQ_SCRIPTS_DIR.</returns>
    public static string Make(string folder)
    {
        var (scripts, plugins) = (Path.Combine(folder, "sbin"), Path.Combine(folder, "plugins"));
        Directory.CreateDirectory(scripts);
        Directory.CreateDirectory(plugins);
        foreach (var script in Directory.GetFileSystemEntries(Path.Combine(Installed, "sbin")))
            Directory.CreateSymbolicLink(Path.Combine(scripts, Path.GetFileName(script)), script);
        Directory.CreateSymbolicLink(Path.Combine(folder, "escript"), Path.Combine(Installed, "escript"));
        foreach (var plugin in Needed())
            Directory.CreateSymbolicLink(Path.Combine(plugins, Path.GetFileName(plugin)), plugin);
        return scripts;
    }

    // The server, what starts it, and what those name, and so on.
    private static List<string> Needed()
    {
        var all = Directory.GetDirectories(Path.Combine(Installed, "plugins"), "*-*").ToDictionary(path => Path.GetFileName(path)[..Path.GetFileName(path).LastIndexOf('-')]);
        List<string> names = ["rabbit", "rabbitmq_prelaunch"];
        for (var i = 0; i < names.Count; i++)
        {
            var told = Applications().Match(File.ReadAllText(Path.Combine(all[names[i]], "ebin", names[i] + ".app")));
            names.AddRange(Word().Matches(told.Groups[1].Value).Select(word => word.Value).Where(name => all.ContainsKey(name) && !names.Contains(name)));
        }
        return names.ConvertAll(name => all[name]);
    }

    [GeneratedRegex(@"\{\s*applications\s*,\s*\[([^\]]*)\]")]
    private static partial Regex Applications();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
