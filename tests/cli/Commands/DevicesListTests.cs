using ThatDam.Cli.Output;
using ThatDam.Tests;

namespace ThatDam.Cli.Tests.Commands;

public sealed class DevicesListTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(100)]
    [InlineData(70)]
    [InlineData(40)]
    public async Task Fits_the_terminal(int? width)
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/devices", Samples.List(Samples.Webcam, Samples.Grabber, Samples.Grabber with { Id = "/dev/video3", Status = "offline" }));

        string text = Damctl.Run(daemon, width, ["devices", "list"]).Good();

        Assert.All(text.Split('\n'), line => Assert.True(width is null || PlainText.Width(line) <= width, line));
        Snapshot.Matches(text, width is null ? "unlimited" : $"{width}");
    }

    [Fact]
    public async Task Hostile_names_do_nothing_to_the_terminal()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/devices", Samples.List(Samples.Hostile, Samples.Webcam));

        string text = Damctl.Run(daemon, width: 130, ["devices", "list"]).Good();

        Assert.DoesNotContain(text, character => char.IsControl(character) && character != '\n');
        Assert.DoesNotContain('\u202e', text);
        Snapshot.Matches(text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(100)]
    [InlineData(60)]
    public async Task Aliases_bad_signals_and_what_is_offline_are_shown(int? width)
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/devices", Samples.List(Samples.Webcam with { Signal = "ok" }, Samples.Grabber with { Signal = "out of range" }, Samples.FrontDesk with { Signal = "no cable" }));

        string text = Damctl.Run(daemon, width, ["devices", "list"]).Good();

        Assert.All(text.Split('\n'), line => Assert.True(width is null || PlainText.Width(line) <= width, line));
        Snapshot.Matches(text, width is null ? "unlimited" : $"{width}");
    }

    [Fact]
    public async Task What_is_offline_is_dim()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/devices", Samples.List(Samples.Grabber with { Signal = "no cable" }, Samples.FrontDesk));

        string[] lines = Damctl.Run(daemon, width: 150, ["devices", "list"], styled: true).Good().Split('\n');

        Assert.Contains("\e[31mno cable", lines[1], StringComparison.Ordinal);
        Assert.Contains("\e[2moffline", lines[2], StringComparison.Ordinal);
        Assert.Contains("\e[2mfront-desk", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_shows_roles()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/devices?all=true", Samples.List(Samples.Webcam, Samples.Webcam with { Id = "/dev/video1", Role = "metadata", Modes = [], DefaultMode = null }));

        Snapshot.Matches(Damctl.Run(daemon, "devices", "list", "--all").Good());
    }

    [Fact]
    public async Task Colours_show_on_a_terminal_only()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/devices", Samples.List(Samples.Webcam));

        Assert.Contains("\e[32mstreaming\e[0m", Damctl.Run(daemon, width: 100, ["devices", "list"], styled: true).Good(), StringComparison.Ordinal);
        Assert.DoesNotContain('\e', Damctl.Run(daemon, width: 100, ["devices", "list"]).Good());
    }

    [Fact]
    public async Task No_camera_is_no_error()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/devices", Samples.List(Array.Empty<ThatDam.Contract.DeviceSummary>()));

        Assert.Equal(new Outcome(0, "", "damctl: no cameras found\n"), Damctl.Run(daemon, "devices", "list"));
        Assert.Equal("{\"devices\":[]}\n", Damctl.Run(daemon, "devices", "list", "-o", "json").Good());
        Assert.Equal("", Damctl.Run(daemon, "devices", "list", "-o", "jsonl").Good());
    }

    [Fact]
    public async Task Json_lines_are_the_elements_as_they_came()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/devices", "{\"devices\":[{\"id\":\"a\",\n\"x\":1.50},{\"id\":\"b\\n\"}]}");

        Assert.Equal("{\"id\":\"a\", \"x\":1.50}\n{\"id\":\"b\\n\"}\n", Damctl.Run(daemon, "devices", "list", "-o", "jsonl").Good());
    }
}
