using System.Text;
using Microsoft.Extensions.Configuration.Ini;

namespace ThatDam.Agent.Hosting;

/// <summary>One value that was given, and where; or, without a name, a <c>[Camera:NAME]</c> that was begun.</summary>
/// <param name="Section">As it was written.</param>
/// <param name="Name">As it was written.</param>
/// <param name="Value">As it was written; empty goes back to the default.</param>
/// <param name="Place">Such as <c>/etc/thatdam/capture.conf:12</c>.</param>
/// <param name="Written">How it reads there, for a message.</param>
internal sealed record ConfigurationEntry(string Section, string Name, string Value, string Place, string Written);

/// <summary>One INI file.</summary>
internal static class ConfigurationFile
{
    /// <summary>What stands in it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mistakes">Told what cannot be read, with the file and line.</param>
    public static IReadOnlyList<ConfigurationEntry> Read(string path, List<string> mistakes)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            mistakes.Add(e is UnauthorizedAccessException
                ? $"{path}: cannot be read by user {Environment.UserName}"
                : File.Exists(path) ? $"{path}: cannot be read: {e.Message}" : $"{path}: there is no such file");
            return [];
        }

        var lines = new IniLines(text);
        if (lines.Mistake is { } mistake)
        {
            mistakes.Add($"{path}:{mistake.Line}: {mistake.Reason}");
            return [];
        }
        mistakes.AddRange(lines.Sections.Where(section => !ConfigurationKey.IsSection(section.Name))
            .Select(section => $"{path}:{section.Line}: {ConfigurationKey.UnknownSection(section.Name)}"));

        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var entries = lines.Sections.Where(section => ConfigurationCamera.IsSection(section.Name))
            .Select(section => new ConfigurationEntry(section.Name, "", "", $"{path}:{section.Line}", $"[{section.Name}]")).ToList();
        foreach (var (line, value) in IniStreamConfigurationProvider.Read(stream).Select(pair => (lines.Of(pair.Key), pair.Value)).OrderBy(pair => pair.Item1.Number))
        {
            // The section itself was told above.
            if (line.Section.Length == 0 || ConfigurationKey.IsSection(line.Section))
                entries.Add(new ConfigurationEntry(line.Section, line.Key, value ?? "", $"{path}:{line.Number}", $"{line.Key}={value}"));
        }
        return entries;
    }
}
