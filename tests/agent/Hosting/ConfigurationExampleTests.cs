using ThatDam.Agent.Hosting;

namespace ThatDam.Agent.Tests.Hosting;

/// <summary>packaging/capture.conf names every key, with the default that it has.</summary>
public sealed class ConfigurationExampleTests
{
    private const string Camera = "Camera:front-desk";

    [Fact]
    public void It_names_every_key_and_no_other()
    {
        var keys = ConfigurationKey.All.Concat(ConfigurationCamera.KeysOf(Camera)).Select(key => $"[{key.Section}] {key.Name}");
        Assert.Equal(keys.Order(StringComparer.Ordinal), Entries().Select(entry => $"[{entry.Section}] {entry.Name}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_values_it_shows_are_the_defaults()
    {
        foreach (var (section, name, value) in Entries().Where(entry => entry.Value.Length > 0 && entry.Section != Camera))
        {
            var key = ConfigurationKey.Find(section, name, out _)!;
            Assert.True(new AgentOptions() == key.Apply(new AgentOptions(), value), $"[{section}] {name}={value} is not the default");
        }
    }

    [Fact]
    public void Its_camera_is_one_when_the_signs_are_taken_away()
    {
        using var directory = new TemporaryDirectory();
        var lines = Entries().Where(entry => entry.Section == Camera).Select(entry => $"{entry.Name}={entry.Value}");
        var file = directory.Write("capture.conf", $"[{Camera}]\n{string.Join('\n', lines)}\n");

        var rule = Assert.Single(new ConfigurationReader(file, _ => null).Read(new CommandLineFlags()).Devices.Cameras);

        Assert.Equal(("front-desk", false, false), (rule.Name, rule.RecordOnPlug, rule.ResumeOnReplug));
        Assert.Equal(TimeSpan.FromMinutes(15), rule.Profile.Segment);
    }

    private static IEnumerable<(string Section, string Name, string Value)> Entries()
    {
        var section = "";
        foreach (var line in File.ReadLines(Path.Combine(ArrowsTests.Root(), "packaging/capture.conf")))
        {
            if (line.StartsWith('[') || line.StartsWith("#[", StringComparison.Ordinal))
                section = line.Trim('#', '[', ']');
            else if (line.StartsWith('#') && !line.StartsWith("# ", StringComparison.Ordinal) && line.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
                yield return (section, line[1..equals], line[(equals + 1)..]);
        }
    }
}
