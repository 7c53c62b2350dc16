using ThatDam.Agent.Devices;
using ThatDam.Contract;

namespace ThatDam.Agent.Tests.Devices;

public sealed class DeviceNamesTests
{
    private static readonly Device[] Devices =
    [
        Named("/dev/video0", "HD Webcam", "046d:0825-A-00"),
        Named("/dev/video1", "HD Webcam", "046d:0825-A-00-index1", DeviceRole.Metadata),
        Named("/dev/video2", "Capture Box", "1bcf:2c99-B-00"),
        Named("/dev/video3", "Capture Box", "pci-0000:00:14.0-usb-0:2:1.0"),
        Named("virtual:0", "Virtual camera 0", "virtual:0"),
    ];

    [Theory]
    [InlineData("/dev/video2", "/dev/video2")]
    [InlineData("video2", "/dev/video2")]
    [InlineData("virtual:0", "virtual:0")]
    [InlineData("virtual0", "virtual:0")]
    [InlineData("pci-0000:00:14.0-usb-0:2:1.0", "/dev/video3")]
    [InlineData("webcam", "/dev/video0")]
    [InlineData(" HD ", "/dev/video0")]
    public void A_device_is_found_by_node_stable_id_or_a_part_of_its_name(string name, string node) =>
        Assert.Equal(node, DeviceNames.Find(Devices, name).Node);

    [Fact]
    public void A_name_of_several_is_refused_with_the_candidates()
    {
        var problem = Assert.Throws<ProblemException>(() => DeviceNames.Find(Devices, "capture")).Problem;

        Assert.Equal((409, "device_ambiguous"), (problem.Status, problem.Code));
        Assert.Contains("/dev/video2 (Capture Box, 1bcf:2c99-B-00)", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("/dev/video3", problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("video9")]
    [InlineData("")]
    public void An_unknown_name_is_told_what_there_is(string name)
    {
        var problem = Assert.Throws<ProblemException>(() => DeviceNames.Find(Devices, name)).Problem;

        Assert.Equal((404, "device_not_found"), (problem.Status, problem.Code));
        Assert.Contains("virtual:0", problem.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("/dev/video1", problem.Detail, StringComparison.Ordinal);
    }

    private static Device Named(string node, string name, string stableId, DeviceRole role = DeviceRole.Capture) => new()
    {
        Node = node,
        Kind = DeviceKind.V4L2,
        Role = role,
        Name = name,
        Driver = "uvcvideo",
        Bus = "",
        StableId = stableId,
        LastSeen = DateTimeOffset.UnixEpoch,
    };
}
