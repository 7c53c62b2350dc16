using ThatDam.Agent.Devices;

namespace ThatDam.Agent.Tests.Devices;

public sealed class DeviceIdentityTests : IDisposable
{
    private readonly FakeSysfs _fake = new();
    private readonly Dictionary<string, string> _kept = [];
    private Dictionary<string, string> _before = [];

    [Fact]
    public void A_serial_number_names_a_camera()
    {
        _fake.AddUsbCamera("1.2", "ABC 12/3", ["video0", "video1"]);

        Assert.Equal(["046d:0825-ABC_12_3-00", "046d:0825-ABC_12_3-00-index1"], Ids());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("\u0001 \u0002")]
    public void Without_a_serial_number_it_is_its_place_without_the_bus_number(string? serial)
    {
        _fake.AddUsbCamera("1.2", serial, ["video0"], bus: 3);

        Assert.Equal(["pci-0000:00:14.0-usb-0:1.2:1.0"], Ids());
    }

    [Fact]
    public void Twins_first_seen_together_are_their_places()
    {
        _fake.AddUsbCamera("1", "SN0001", ["video0"]);
        _fake.AddUsbCamera("2", "SN0001", ["video1"]);

        Assert.Equal(["pci-0000:00:14.0-usb-0:1:1.0", "pci-0000:00:14.0-usb-0:2:1.0"], Ids());
    }

    [Fact]
    public void Of_twins_the_later_is_its_place_and_both_stay_so_after_a_restart()
    {
        _fake.AddUsbCamera("2", "SN0001", ["video0"]);
        Assert.Equal(["046d:0825-SN0001-00"], Ids());

        _fake.AddUsbCamera("1", "SN0001", ["video1"]);
        string[] both = ["046d:0825-SN0001-00", "pci-0000:00:14.0-usb-0:1:1.0"];
        Assert.Equal(both, Ids());

        _before = [];
        Assert.Equal(both, Ids());
        _fake.Unplug("video0");
        Assert.Equal(["pci-0000:00:14.0-usb-0:1:1.0"], Ids());
    }

    [Fact]
    public void A_camera_that_moves_keeps_its_id_and_its_twin_in_the_old_place_does_not_get_it()
    {
        _fake.AddUsbCamera("1", "SN0001", ["video0"]);
        Assert.Equal(["046d:0825-SN0001-00"], Ids());

        _fake.Unplug("video0");
        _fake.AddUsbCamera("3", "SN0001", ["video2"]);
        Assert.Equal(["046d:0825-SN0001-00"], Ids());

        _fake.AddUsbCamera("4", "SN0001", ["video5"]);
        Assert.Equal(["046d:0825-SN0001-00", "pci-0000:00:14.0-usb-0:4:1.0"], Ids());
    }

    [Fact]
    public void Ports_of_the_same_number_on_both_halves_of_a_controller_are_told_apart()
    {
        _fake.AddUsbCamera("1", null, ["video0"], bus: 1);
        _fake.AddUsbCamera("1", null, ["video1"], bus: 2, superSpeed: true);

        Assert.Equal(["pci-0000:00:14.0-usb-0:1:1.0", "pci-0000:00:14.0-usbv3-0:1:1.0"], Ids());
    }

    [Fact]
    public void One_instance_of_a_driver_is_its_place_and_several_add_their_labels()
    {
        _fake.AddVivid("video0");
        Assert.Equal(["platform-vivid.0"], Ids());

        _fake.AddVivid("video0", "video1", "video2");
        Assert.Equal(["platform-vivid.0", "platform-vivid.0-vivid-001-vid-cap", "platform-vivid.0-vivid-002-vid-cap"], Ids());
    }

    [Fact]
    public void A_loopback_is_its_label_or_with_a_twin_its_node()
    {
        _fake.AddLoopback("video9", "My Loop");
        Assert.Equal(["v4l2loopback-My_Loop"], Ids());

        _fake.AddLoopback("video10", "My Loop");
        Assert.Equal(["v4l2loopback-My_Loop", "v4l2loopback-video10"], Ids());
    }

    [Fact]
    public void Every_id_is_unique_and_safe_in_a_url()
    {
        _fake.AddVivid("video0", "video1");
        _fake.AddUsbCamera("1", "Ω; rm -rf ~%2F", ["video2", "video3"]);
        _fake.AddUsbCamera("2", "Ω; rm -rf ~%2F", ["video4", "video5"]);
        _fake.AddLoopback("video6", "platform-vivid.0");

        var ids = Ids();

        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[A-Za-z0-9._:-]+$", id));
    }

    [Fact]
    public void Subdevices_are_no_devices_and_nodes_come_by_number()
    {
        _fake.AddSubDevice("v4l-subdev0");
        _fake.AddVivid("video10", "video9", "video2");

        Assert.Equal(["video2", "video9", "video10"], SysfsNode.ReadAll(_fake.Sysfs).Select(node => node.Name));
    }

    [Fact]
    public void An_audio_interface_is_a_microphone()
    {
        _fake.AddUsbCamera("1", null, ["video0"], microphone: true);
        _fake.AddUsbCamera("2", null, ["video1"]);

        Assert.Equal([true, false], SysfsNode.ReadAll(_fake.Sysfs).Select(node => node.Usb!.Audio));
    }

    [Fact]
    public void What_an_id_rests_on_is_told()
    {
        _fake.AddUsbCamera("1", "A", ["video0"]);
        _fake.AddUsbCamera("2", null, ["video1"]);
        _fake.AddUsbCamera("3", "\u0001", ["video2"]);
        _fake.AddUsbCamera("4", "TWIN", ["video3"]);
        _fake.AddUsbCamera("5", "TWIN", ["video4"]);
        _fake.AddVivid("video5");
        _fake.AddLoopback("video6", "Loop");
        _fake.AddLoopback("video7", "Loop");

        Assert.Equal(
        [
            "its serial number",
            "its port (pci-0000:00:14.0-usb-0:2:1.0), for it has no serial number",
            "its port (pci-0000:00:14.0-usb-0:3:1.0), for its serial number has no letter and no digit",
            "its port (pci-0000:00:14.0-usb-0:4:1.0), for another camera has the same serial number",
            "its port (pci-0000:00:14.0-usb-0:5:1.0), for another camera has the same serial number",
            "its place (platform-vivid.0)",
            "its node's name, for another device has the same label",
            "its node's name, for another device has the same label",
        ], Reasons());
    }

    [Fact]
    public void It_is_told_by_the_id_that_was_given_not_by_who_is_there_now()
    {
        _fake.AddUsbCamera("1", "TWIN", ["video0"]);
        _fake.AddUsbCamera("2", "TWIN", ["video1"]);
        Ids();

        _fake.Unplug("video0");

        Assert.Equal(["its port (pci-0000:00:14.0-usb-0:2:1.0), for another camera has the same serial number"], Reasons());
    }

    private IReadOnlyList<string> Reasons()
    {
        var ids = Ids();
        return [.. SysfsNode.ReadAll(_fake.Sysfs).Select(DeviceIdentity.Of).Zip(ids, (identity, id) => identity.Words(id))];
    }

    private IReadOnlyList<string> Ids()
    {
        var ledger = new IdentityLedger(
            _kept.GetValueOrDefault,
            id => _kept.FirstOrDefault(pair => pair.Value == id).Key,
            (key, id) =>
            {
                if (!_kept.ContainsValue(id))
                    _kept.TryAdd(key, id);
            });
        var identities = SysfsNode.ReadAll(_fake.Sysfs).Select(DeviceIdentity.Of).ToList();
        var ids = ledger.Assign(identities, _before);
        _before = identities.Zip(ids).ToDictionary(pair => pair.First.Key, pair => pair.Second);
        return ids;
    }

    public void Dispose() => _fake.Dispose();
}
