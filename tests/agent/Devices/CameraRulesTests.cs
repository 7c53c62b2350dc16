using System.Diagnostics;
using ThatDam.Agent.Devices;

namespace ThatDam.Agent.Tests.Devices;

public sealed class CameraRulesTests
{
    private static readonly Device Webcam = new()
    {
        Node = "/dev/video0",
        Kind = DeviceKind.V4L2,
        Role = DeviceRole.Capture,
        Name = "HD Pro Webcam C920",
        Driver = "uvcvideo",
        Bus = "usb-0000:00:14.0-1.2",
        Serial = "A1B2",
        StableId = "046d:082d-A1B2-00",
        Port = "pci-0000:00:14.0-usb-0:1.2:1.0",
        LastSeen = DateTimeOffset.UnixEpoch,
    };

    [Theory]
    [InlineData(CameraMatchKind.Serial, "A1B2", "its serial number is A1B2")]
    [InlineData(CameraMatchKind.Serial, "a1b2", null)]
    [InlineData(CameraMatchKind.Serial, "A1B", null)]
    [InlineData(CameraMatchKind.Id, "046d:082d-A1B2-00", "its stable id is 046d:082d-A1B2-00")]
    [InlineData(CameraMatchKind.Id, "046d:082d-A1B2", null)]
    [InlineData(CameraMatchKind.Name, "hd pro*", "its name is 'HD Pro Webcam C920'")]
    [InlineData(CameraMatchKind.Name, "HD Pro", null)]
    [InlineData(CameraMatchKind.Port, "pci-0000:00:14.0-usb-0:1.2:1.0", "it is plugged at pci-0000:00:14.0-usb-0:1.2:1.0")]
    [InlineData(CameraMatchKind.Port, "pci-0000:00:14.0-usb-0:1.2", "it is plugged at pci-0000:00:14.0-usb-0:1.2:1.0")]
    [InlineData(CameraMatchKind.Port, "usb-0:1.2:1.0", "it is plugged at pci-0000:00:14.0-usb-0:1.2:1.0")]
    [InlineData(CameraMatchKind.Port, "usb-0:1.2", "it is plugged at pci-0000:00:14.0-usb-0:1.2:1.0")]
    [InlineData(CameraMatchKind.Port, "usb-0:1", null)]
    [InlineData(CameraMatchKind.Port, "usb-0:1.2:1.1", null)]
    [InlineData(CameraMatchKind.Port, "usb-0:1.2:1", null)]
    [InlineData(CameraMatchKind.Port, "0:1.2", null)]
    public void A_rule_says_why_it_matches(CameraMatchKind kind, string text, string? why)
    {
        var (rule, matched) = new CameraRules([Rule("desk", kind, text)]).For(Webcam);

        Assert.Equal(why is null ? null : $"[Camera:desk] Match={CameraRules.Written(new CameraMatch(kind, text))} — {why}", matched);
        Assert.Equal(why is null ? null : "desk", rule?.Name);
    }

    [Theory]
    [InlineData("platform-vivid.0", "platform-vivid.0", true)]
    [InlineData("platform-vivid.0", "usb-0:1", false)]
    [InlineData("usb-0:2:1.0", "usb-0:2", true)]
    [InlineData(null, "usb-0:2", false)]
    public void A_place_need_not_be_a_usb_port(string? port, string text, bool matches) =>
        Assert.Equal(matches, new CameraRules([Rule("a", CameraMatchKind.Port, text)]).For(Webcam with { Port = port }).Rule is not null);

    [Fact]
    public void The_first_rule_counts_and_the_others_are_told()
    {
        var rules = new CameraRules(
        [
            Rule("none", CameraMatchKind.Serial, "other"), Rule("front-desk", CameraMatchKind.Serial, "A1B2"), new CameraRule { Name = "blank" },
            Rule("x", CameraMatchKind.Name, "*"), Rule("y", CameraMatchKind.Port, "usb-0:1.2"),
        ]);

        var (rule, matched) = rules.For(Webcam);

        Assert.Equal("front-desk", rule!.Name);
        Assert.Equal(
            "[Camera:front-desk] Match=serial:A1B2 — its serial number is A1B2; [Camera:x] matches too, but stands after it; [Camera:y] matches too, but stands after it",
            matched);
        Assert.Equal((null, null), new CameraRules([]).For(Webcam));
    }

    [Fact]
    public void What_does_not_capture_has_no_rule() =>
        Assert.Equal((null, null), new CameraRules([Rule("a", CameraMatchKind.Serial, "A1B2")]).For(Webcam with { Role = DeviceRole.Metadata }));

    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "*", true)]
    [InlineData("", "?", false)]
    [InlineData("abc", "a?c", true)]
    [InlineData("abc", "a*", true)]
    [InlineData("abc", "*c", true)]
    [InlineData("abc", "*b*", true)]
    [InlineData("abc", "**a**c**", true)]
    [InlineData("abc", "ABC", true)]
    [InlineData("abc", "abcd", false)]
    [InlineData("abc", "ab", false)]
    [InlineData("aXbXc", "a*X?", true)]
    [InlineData("mississippi", "m*iss*ip*i", true)]
    [InlineData("mississippi", "m*iss*ip*x", false)]
    [InlineData("Kamera (C920) [1]", "kamera (c920) [?]", true)]
    [InlineData("Größe", "GRÖSSE", false)]
    [InlineData("Größe", "gRÖßE", true)]
    public void A_pattern_has_stars_and_question_marks(string text, string pattern, bool fits) => Assert.Equal(fits, CameraRules.Fits(text, pattern));

    [Fact]
    public void A_pattern_of_many_stars_ends_soon()
    {
        var text = new string('a', 256);
        var pattern = string.Concat(Enumerable.Repeat("a*", 127)) + "b";
        var clock = Stopwatch.StartNew();

        Assert.False(CameraRules.Fits(text, pattern));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"took {clock.Elapsed}");
    }

    private static CameraRule Rule(string name, CameraMatchKind kind, string text) => new() { Name = name, Match = new CameraMatch(kind, text) };
}
