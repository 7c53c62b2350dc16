namespace ThatDam.Cli.Tests.Commands;

public sealed class DevicesRescanTests
{
    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    [InlineData("jsonl")]
    public async Task Prints_the_list_as_devices_list_does(string format)
    {
        string list = Samples.List(Samples.Webcam, Samples.Hostile);
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/devices", list).On("POST /v1/devices/rescan", list);

        Assert.Equal(Damctl.Run(daemon, "devices", "list", "-o", format).Good(), Damctl.Run(daemon, "devices", "rescan", "-o", format).Good());
        Assert.Equal(["GET /v1/devices", "POST /v1/devices/rescan"], daemon.Requests);
    }

    [Fact]
    public async Task No_camera_is_no_error_and_a_refusal_is_one()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("POST /v1/devices/rescan", Samples.List(Array.Empty<ThatDam.Contract.DeviceSummary>()))
            .Refuse("POST /v1/devices/rescan", 403, "uid 33 may not", "join the group");

        Assert.Equal(new Outcome(0, "", "damctl: no cameras found\n"), Damctl.Run(daemon, "devices", "rescan"));
        Assert.Equal(new Outcome(4, "", "damctl: uid 33 may not\n  remedy: join the group\n"), Damctl.Run(daemon, "devices", "rescan"));
    }
}
