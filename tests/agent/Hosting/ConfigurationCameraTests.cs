using ThatDam.Agent.Devices;
using ThatDam.Agent.Hosting;

namespace ThatDam.Agent.Tests.Hosting;

public sealed class ConfigurationCameraTests : IDisposable
{
    private const string Matches = "serial:TEXT, port:TEXT, name:PATTERN or id:STABLE_ID";

    private readonly TemporaryDirectory _directory = new();

    private string Default => _directory["capture.conf"];

    [Fact]
    public void Every_key_of_a_camera_is_taken()
    {
        _directory.Write("capture.conf", """
            [Devices]
            ForgetAfter=0
            [Camera:front-desk]
            Match = name: HD * (C920)?
            Codec=H264
            Size=1280x720
            Fps=29.97
            Segment=10s
            OnPlug=record
            OnReplug=resume
            """);

        var devices = Read().Devices;

        Assert.Equal(TimeSpan.Zero, devices.ForgetAfter);
        Assert.Equal(
            new CameraRule
            {
                Name = "front-desk",
                Match = new CameraMatch(CameraMatchKind.Name, "HD * (C920)?"),
                Profile = new CameraProfile { Codec = "h264", Width = 1280, Height = 720, Fps = 29.97, Segment = TimeSpan.FromSeconds(10) },
                RecordOnPlug = true,
                ResumeOnReplug = true,
            },
            Assert.Single(devices.Cameras));
    }

    [Fact]
    public void Nothing_is_asked_of_a_camera_that_says_only_who_it_is()
    {
        _directory.Write("capture.conf", "[Camera:a]\nMatch=ID:virtual:0\n");
        Assert.Equal(new CameraRule { Name = "a", Match = new CameraMatch(CameraMatchKind.Id, "virtual:0") }, Assert.Single(Read().Devices.Cameras));
        Assert.Equal(TimeSpan.FromDays(30), Read().Devices.ForgetAfter);
    }

    [Fact]
    public void Cameras_stand_in_the_order_in_which_they_first_appear_and_sections_of_one_name_are_one()
    {
        _directory.Write("capture.conf", "[Camera:z]\n[Camera:b]\nMatch=serial:B\nFps=15\n[Log]\nLevel=info\n");
        _directory.Write("capture.conf.d/1.conf", "[Camera:a]\nMatch=serial:A\n[Camera:B]\nfps=\ncodec=copy\n");
        _directory.Write("capture.conf.d/2.conf", "[CAMERA:z]\nMatch=serial:Z\n");

        var cameras = Read("--set", "Camera:last.Match=port:usb-0:1.2", "--set", "Camera:a.Fps=5").Devices.Cameras;

        Assert.Equal(["z", "b", "a", "last"], cameras.Select(rule => rule.Name));
        Assert.Equal(["Z", "B", "A", "usb-0:1.2"], cameras.Select(rule => rule.Match!.Text));
        Assert.Equal([null, null, 5, null], cameras.Select(rule => rule.Profile.Fps));
        Assert.Equal("copy", cameras[1].Profile.Codec);
    }

    [Fact]
    public void A_flag_is_split_at_the_last_dot_before_the_sign()
    {
        var rule = Assert.Single(Read("--set", "Camera:studio.left.v2.Match=name:a.b=c.*").Devices.Cameras);
        Assert.Equal(("studio.left.v2", "a.b=c.*"), (rule.Name, rule.Match!.Text));
    }

    [Fact]
    public void A_value_that_will_not_do_is_told_with_file_line_and_what_would()
    {
        _directory.Write("capture.conf", """
            [Camera:desk]
            Match=uuid:5
            Codec=av1
            Size=1280
            Fps=0
            Segment=9s
            OnPlug=resume
            OnReplug=record
            Nope=1
            """);
        Assert.Equal(
            [
                $"{Default}:2: Match=uuid:5: Match in [Camera:desk] must be {Matches}",
                $"{Default}:3: Codec=av1: Codec in [Camera:desk] must be one of: copy, h264, hevc, mjpeg, ffv1",
                $"{Default}:4: Size=1280: Size in [Camera:desk] must be a width and a height in pixels, such as 1920x1080",
                $"{Default}:5: Fps=0: Fps in [Camera:desk] must be frames per second, above 0 to 1000, such as 30 or 29.97",
                $"{Default}:6: Segment=9s: Segment in [Camera:desk] must be a time from 10 s to 604800 s, such as 30s, 5min, 12h or 7d",
                $"{Default}:7: OnPlug=resume: OnPlug in [Camera:desk] must be one of: record, nothing",
                $"{Default}:8: OnReplug=record: OnReplug in [Camera:desk] must be one of: resume, nothing",
                $"{Default}:9: unknown key 'Nope' in [Camera:desk]; known keys: Match, Codec, Size, Fps, Segment, OnPlug, OnReplug",
            ],
            Mistakes());
    }

    [Theory]
    [InlineData("")]
    [InlineData("serial:")]
    [InlineData("A1B2")]
    [InlineData("name: ")]
    [InlineData(":x")]
    public void A_match_names_what_it_compares_and_with_what(string match) => Assert.Contains(Matches, Assert.Single(Mistakes("--set", $"Camera:a.Match={match}")), StringComparison.Ordinal);

    [Fact]
    public void A_camera_without_a_match_is_told_where_it_stands()
    {
        _directory.Write("capture.conf", "[Log]\n[Camera:empty]\n[Camera:b]\nFps=5\n[Camera:c]\nMatch=serial:C\n");
        _directory.Write("capture.conf.d/1.conf", "[Camera:c]\nMatch=\n");
        Assert.Equal(
            [
                $"{Default}:2: [Camera:empty] needs Match=, which says what camera it is: {Matches}",
                $"{Default}:3: [Camera:b] needs Match=, which says what camera it is: {Matches}",
                $"{Default}.d/1.conf:2: Match=: [Camera:c] needs Match=, which says what camera it is: {Matches}",
                $"command line: [Camera:d] needs Match=, which says what camera it is: {Matches}",
            ],
            Mistakes("--set", "Camera:d.Fps=5"));
    }

    [Theory]
    [InlineData("Camera")]
    [InlineData("Camera:")]
    [InlineData("Camera:video0")]
    [InlineData("camera:Virtual12")]
    [InlineData("Camera:virtual:0")]
    [InlineData("Camera:..")]
    [InlineData("Camera:front desk")]
    [InlineData("Camera:/dev/video0")]
    [InlineData("Camera:a:b")]
    [InlineData("Camera:12345678901234567890123456789012345678901234567890123456789012345")]
    public void A_name_that_will_not_do_is_told_once(string section)
    {
        _directory.Write("capture.conf", $"[Log]\nLevel=info\n[{section}]\nMatch=serial:x\n");
        Assert.Equal(
            [$"{Default}:3: [{section}]: a camera's section must be [Camera:NAME], its name 1 to 64 of A-Z a-z 0-9 . _ -, not of dots alone, and none that a device has by itself, such as video0"],
            Mistakes());
    }

    [Theory]
    [InlineData("video")]
    [InlineData("video0-left")]
    [InlineData("0")]
    [InlineData("desk1")]
    [InlineData("_.-")]
    public void A_name_like_a_nodes_is_no_nodes(string name) => Assert.Equal(name, Assert.Single(Read("--set", $"Camera:{name}.Match=serial:x").Devices.Cameras).Name);

    public void Dispose() => _directory.Dispose();

    private AgentOptions Read(params string[] args)
    {
        var flags = CommandLine.Parse(args, TextWriter.Null, TextWriter.Null, out _);
        return new ConfigurationReader(Default, _ => null).Read(flags!);
    }

    private IReadOnlyList<string> Mistakes(params string[] args) => Assert.Throws<ConfigurationException>(() => Read(args)).Mistakes;
}
