using ThatDam.Contract;

namespace ThatDam.EndToEnd.Tests;

/// <summary>A camera is who it is, wherever it lands, and for a while after it has gone.</summary>
[Trait("bed", "guest")]
[Trait("boot", "1")]
[Collection<UsbBed>]
public sealed class CameraIdentityTests
{
    private const string Config = """
        [Devices]
        ForgetAfter=5s
        [Camera:front-desk]
        Match=serial:FRONT-1
        [Camera:side]
        Match=port:platform-dummy_hcd.3-usb-0:1:1.0
        [Camera:named]
        Match=name:Odd*Camera
        """;

    [Fact]
    public async Task Twins_of_one_serial_are_two_and_stay_who_they_are_when_they_come_back_in_the_other_order()
    {
        var twins = new[] { new UsbCameraSettings { Port = 0, Serial = "TWIN" }, new UsbCameraSettings { Port = 1, Serial = "TWIN" } };
        await using var daemon = await DaemonCameras.StartAsync("");
        var before = await PlugAsync(daemon, twins[0], twins[1]);
        var after = await PlugAsync(daemon, twins[1], twins[0]);

        Assert.NotEqual(before[0].StableId, before[1].StableId);
        Assert.All(before.Values, device => Assert.DoesNotContain("video", device.StableId, StringComparison.Ordinal));
        foreach (var port in before.Keys)
        {
            Assert.Equal(before[port].StableId, after[port].StableId);
            Assert.NotEqual(before[port].Node, after[port].Node);
        }

        // After a restart of the daemon too.
        await daemon.StopAsync();
        await using var first = await UsbCamera.PlugAsync(twins[1]);
        await using var second = await UsbCamera.PlugAsync(twins[0]);
        await using var next = await Daemon.StartAsync(new DaemonSettings { VirtualCameras = 0, State = daemon.State });
        Assert.Equal(before[1].StableId, (await next.OnlineAsync(first.Node)).StableId);
        Assert.Equal(before[0].StableId, (await next.OnlineAsync(second.Node)).StableId);
    }

    [Fact]
    public async Task A_camera_that_is_renumbered_keeps_its_name()
    {
        await using var daemon = await DaemonCameras.StartAsync(Config);
        DeviceAtNode before;
        await using (var camera = await UsbCamera.PlugAsync(new UsbCameraSettings { Port = 2, Serial = "FRONT-1" }))
        {
            before = await daemon.OnlineAsync(camera.Node);
            Assert.Equal("front-desk", before.Alias);
        }

        await using var other = await UsbCamera.PlugAsync(new UsbCameraSettings { Port = 3, Serial = "OTHER", Product = "Odd little Camera" });
        await using var again = await UsbCamera.PlugAsync(new UsbCameraSettings { Port = 2, Serial = "FRONT-1" });
        var after = await daemon.OnlineAsync(again.Node);

        Assert.NotEqual(before.Node, after.Node);
        Assert.Equal((before.StableId, "front-desk"), (after.StableId, after.Alias));
        // Of two rules that match, the first counts.
        Assert.Equal("side", (await daemon.OnlineAsync(other.Node)).Alias);
        var recording = await daemon.RecordAsync("front-desk", 1);
        Assert.Equal((after.Node, after.StableId, "front-desk"), (recording.Device, recording.StableId, recording.Alias));
        await recording.MustBeWholeAsync();

        var shown = await daemon.JsonAsync(ContractJson.Default.DeviceSummary, "devices", "show", "front-desk");
        Assert.Equal(after.StableId, shown.StableId);
        Assert.Contains("FRONT-1", shown.Matched, StringComparison.Ordinal);
        Assert.Contains("serial", shown.IdentifiedBy, StringComparison.Ordinal);
        var words = (await daemon.DamctlAsync("devices", "show", "front-desk")).MustSucceed().Stdout;
        Assert.Contains("front-desk", words, StringComparison.Ordinal);
        Assert.Contains(shown.Matched!, words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pattern_of_names_gives_a_name_too()
    {
        await using var daemon = await DaemonCameras.StartAsync(Config);
        await using var camera = await UsbCamera.PlugAsync(new UsbCameraSettings { Port = 0, Serial = "", Product = "Odd little Camera" });
        Assert.Equal("named", (await daemon.OnlineAsync(camera.Node)).Alias);
    }

    [Fact]
    public async Task One_that_is_gone_is_offline_for_a_while_and_then_forgotten()
    {
        await using var daemon = await DaemonCameras.StartAsync(Config);
        string id;
        long mark;
        DateTimeOffset gone;
        await using (var camera = await UsbCamera.PlugAsync(new UsbCameraSettings { Serial = "BRIEF" }))
        {
            id = (await daemon.OnlineAsync(camera.Node)).StableId;
            mark = daemon.Mark();
            await camera.UnplugAsync();
            gone = camera.Gone;
        }

        var listed = await daemon.ListedAsync(mark, id, "offline");
        Assert.InRange(listed.At - gone, TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(2));
        Assert.InRange(listed.Device(id)!.LastSeen, gone - TimeSpan.FromSeconds(10), listed.At);
        (await daemon.DamctlAsync("devices", "list")).MustSucceed();
        var said = await daemon.DamctlAsync("record", "start", id);
        Assert.NotEqual(0, said.ExitCode);
        Assert.Contains("remedy", said.Stderr, StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => (await daemon.DevicesAsync()).All(d => d.StableId != id), "it is forgotten", 90);
        (await daemon.DamctlAsync("devices", "show", id)).MustFail(3, id);
    }

    private static async Task<Dictionary<int, DeviceAtNode>> PlugAsync(Daemon daemon, UsbCameraSettings first, UsbCameraSettings second)
    {
        await using var one = await UsbCamera.PlugAsync(first);
        var a = await daemon.OnlineAsync(one.Node);
        await using var two = await UsbCamera.PlugAsync(second);
        var b = await daemon.OnlineAsync(two.Node);
        return new Dictionary<int, DeviceAtNode> { [first.Port] = a, [second.Port] = b };
    }
}
