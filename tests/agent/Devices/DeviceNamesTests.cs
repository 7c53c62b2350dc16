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

    [Theory]
    [InlineData("desk", "/dev/video0")]          // goes before a part of another's name
    [InlineData("Box", "/dev/video2")]           // one that is there goes before one that was
    [InlineData("046d:0825-OLD-00", "/dev/video2")]
    [InlineData("/dev/video2", "/dev/video2")]
    [InlineData("attic", "/dev/video5")]         // offline, and found
    [InlineData("Old Webcam", "/dev/video2")]
    public void An_alias_goes_after_ids_and_before_names_and_what_is_there_before_what_was(string name, string node)
    {
        var found = DeviceNames.Find(Aliased, name);

        Assert.Equal(node, found.Node);
        Assert.Equal(name is not ("046d:0825-OLD-00" or "attic" or "Old Webcam"), found.Online);
    }

    [Theory]
    [InlineData("Desk")]
    [InlineData("des")]
    public void An_alias_is_exact(string name) => Assert.NotEqual("/dev/video0", DeviceNames.Find(Aliased, name).Node);

    [Fact]
    public void Of_those_that_had_a_node_in_turn_the_last_is_meant()
    {
        Device[] gone =
        [
            Named("/dev/video0", "First", "a") with { Online = false },
            Named("/dev/video0", "Last", "c") with { Online = false, LastSeen = DateTimeOffset.UnixEpoch.AddHours(2) },
            Named("/dev/video0", "Second", "b") with { Online = false, LastSeen = DateTimeOffset.UnixEpoch.AddHours(1) },
        ];

        Assert.Equal("Last", DeviceNames.Find(gone, "video0").Name);
        Assert.Equal("Now", DeviceNames.Find([.. gone, Named("/dev/video0", "Now", "d")], "video0").Name);
    }

    [Fact]
    public void An_alias_of_several_is_refused_with_the_candidates()
    {
        var rule = new CameraRule { Name = "twin" };
        Device[] twins =
        [
            Named("/dev/video0", "Cam", "a") with { Rule = rule },
            Named("/dev/video4", "Cam", "b") with { Rule = rule, Online = false },
            Named("/dev/video2", "Cam", "c") with { Rule = rule },
        ];

        var problem = Assert.Throws<ProblemException>(() => DeviceNames.Find(twins, "twin")).Problem;

        Assert.Equal((409, "device_ambiguous"), (problem.Status, problem.Code));
        Assert.Equal("[Camera:twin] fits 2 cameras: /dev/video0 (twin, Cam, a), /dev/video2 (twin, Cam, c).", problem.Detail);
        Assert.Contains("Match=", problem.Remedy, StringComparison.Ordinal);
        Assert.Equal("/dev/video2", DeviceNames.Find(twins[1..], "twin").Node);
    }

    [Fact]
    public void What_is_told_of_an_unknown_name_has_aliases_and_what_is_offline()
    {
        var detail = Assert.Throws<ProblemException>(() => DeviceNames.Find(Aliased, "nobody")).Problem.Detail;
        Assert.Contains("/dev/video0 (desk, HD Webcam, 046d:0825-A-00)", detail, StringComparison.Ordinal);
        Assert.EndsWith("/dev/video5 (attic, Loft Camera, 046d:0825-C-00, offline).", detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_alias_of_a_camera_that_was_never_seen_is_told_as_that()
    {
        var rule = new CameraRule { Name = "roof", Match = new CameraMatch(CameraMatchKind.Serial, "R1") };
        Assert.StartsWith(
            "No camera that is here, or was, is [Camera:roof] (Match=serial:R1). There is: /dev/video0",
            Assert.Throws<ProblemException>(() => DeviceNames.Find(Aliased, "roof", [rule])).Problem.Detail,
            StringComparison.Ordinal);
    }

    private static Device[] Aliased { get; } =
    [
        Named("/dev/video2", "Old Webcam", "046d:0825-OLD-00") with { Online = false, Rule = new CameraRule { Name = "Box" } },
        Named("/dev/video0", "HD Webcam", "046d:0825-A-00") with { Rule = new CameraRule { Name = "desk" } },
        Named("/dev/video2", "Capture device on a Desk", "1bcf:2c99-B-00") with { Rule = new CameraRule { Name = "Box" } },
        Named("/dev/video5", "Loft Camera", "046d:0825-C-00") with { Online = false, Rule = new CameraRule { Name = "attic" } },
    ];

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
