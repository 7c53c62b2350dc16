using ThatDam.Agent.Hosting;

namespace ThatDam.Agent.Tests.Hosting;

public sealed class ConfigurationReloadTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<string> _applied = [];
    private readonly List<string> _told = [];
    private readonly ConfigurationReload _reload;

    public ConfigurationReloadTests()
    {
        _directory.Write("capture.conf", "[Log]\nLevel=info\n");
        _reload = new ConfigurationReload(
            Read, Read(),
            [new("Log.Level", next => _applied.Add($"level {next.Log.Level}")), new("Camera", next => _applied.Add($"cameras {string.Join(",", next.Devices.Cameras.Select(rule => rule.Name))}"))],
            new ListLogger(_told));
    }

    [Fact]
    public void What_has_not_changed_is_left_alone()
    {
        Assert.Contains("not changed", _reload.Run(), StringComparison.Ordinal);
        Assert.Empty(_applied);
    }

    [Fact]
    public void What_can_change_does_and_what_cannot_is_told_at_each_reload_until_a_restart()
    {
        _directory.Write("capture.conf", "[Log]\nLevel=debug\n[Broker]\nUrl=amqp://me:secret@host\n[Camera:desk]\nMatch=id:a\n");

        var how = _reload.Run();

        Assert.Equal(["level Debug", "cameras desk"], _applied);
        Assert.Contains("Broker.Url after a restart", how, StringComparison.Ordinal);
        Assert.DoesNotContain(_told, line => line.Contains("secret", StringComparison.Ordinal));
        Assert.Contains("Broker.Url", _reload.Run(), StringComparison.Ordinal);
        Assert.Equal(2, _applied.Count);
    }

    [Fact]
    public void A_camera_that_is_taken_out_is_a_change_too()
    {
        _directory.Write("capture.conf", "[Log]\nLevel=info\n[Camera:desk]\nMatch=id:a\n");
        _reload.Run();
        _directory.Write("capture.conf", "[Log]\nLevel=info\n");
        _reload.Run();
        Assert.Equal(["cameras desk", "cameras "], _applied);
    }

    [Fact]
    public void What_breaks_as_it_is_put_in_force_is_told_and_tried_again_by_the_next_reload()
    {
        var breaks = true;
        var reload = new ConfigurationReload(
            Read, Read(), [new("Log.Level", next => _applied.Add(breaks ? throw new InvalidOperationException("broken") : $"level {next.Log.Level}"))], new ListLogger(_told));
        _directory.Write("capture.conf", "[Log]\nLevel=debug\n");

        Assert.Contains("could not be put in force", reload.Run(), StringComparison.Ordinal);
        Assert.Contains(_told, line => line.Contains("systemctl restart", StringComparison.Ordinal));
        breaks = false;
        reload.Run();
        Assert.Equal(["level Debug"], _applied);
    }

    [Fact]
    public void A_mistake_changes_nothing_and_is_told_with_its_place()
    {
        _directory.Write("capture.conf", "[Log]\nLevel=debug\nLoud=yes\n");

        Assert.Contains("left as it was", _reload.Run(), StringComparison.Ordinal);

        Assert.Empty(_applied);
        Assert.Contains(_told, line => line.Contains("capture.conf:3", StringComparison.Ordinal));
    }

    private AgentOptions Read() => new ConfigurationReader(_directory["capture.conf"], _ => null).Read(new CommandLineFlags());

    public void Dispose() => _directory.Dispose();
}
