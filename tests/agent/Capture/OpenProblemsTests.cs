using ThatDam.Agent.Capture;
using ThatDam.Agent.Devices;
using ThatDam.Contract;
using ThatDam.Native.Errors;
using ThatDam.Native.V4L2;

namespace ThatDam.Agent.Tests.Capture;

/// <summary>What a user reads when a camera does not open.</summary>
public sealed class OpenProblemsTests
{
    private static readonly Device Camera = new()
    {
        Node = "/dev/video0",
        Kind = DeviceKind.V4L2,
        Role = DeviceRole.Capture,
        Name = "HD Webcam",
        Driver = "uvcvideo",
        Bus = "usb-1",
        StableId = "046d:0825-A-00",
        UsbBus = "usb1",
        Modes =
        [
            new DeviceMode { Format = "YUYV", Width = 1920, Height = 1080, Rates = [5] },
            new DeviceMode { Format = "YUYV", Width = 1280, Height = 720, Rates = [30, 10] },
            new DeviceMode { Format = "YUYV", Width = 640, Height = 480, Rates = [30, 15] },
            new DeviceMode { Format = "MJPG", Width = 1920, Height = 1080, Rates = [60, 30] },
            new DeviceMode { Format = "MJPG", Width = 1280, Height = 720, Rates = [60, 30] },
        ],
        LastSeen = new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero),
    };

    [Theory]
    [InlineData("YUYV", 1280, 720, 30, "MJPG 1280x720 30")] // compressed comes first
    [InlineData("MJPG", 1920, 1080, 60, "MJPG 1920x1080 30")] // then slower
    [InlineData("MJPG", 1920, 1080, 30, "MJPG 1280x720 30")] // then smaller
    [InlineData("MJPG", 1280, 720, 30, "YUYV 640x480 10")]
    public void The_mode_named_needs_clearly_less(string format, int width, int height, double fps, string lesser)
    {
        var camera = format == "MJPG" && (width, fps) == (1280, 30)
            ? Camera with { Modes = [.. Camera.Modes, new DeviceMode { Format = "YUYV", Width = 640, Height = 480, Rates = [10] }] }
            : Camera;
        var mode = BandwidthAdvice.Lesser(camera, Mode(format, width, height, fps))!;
        Assert.Equal(lesser, FormattableString.Invariant($"{mode.Format} {mode.Width}x{mode.Height} {mode.Fps}"));
    }

    [Fact]
    public void There_may_be_no_lesser_mode() =>
        Assert.Null(BandwidthAdvice.Lesser(Camera with { Modes = [Camera.Modes[2] with { Rates = [15] }] }, Mode("YUYV", 640, 480, 15)));

    [Fact]
    public void A_full_bus_names_the_other_cameras_on_it_and_a_mode_that_fits()
    {
        var other = Camera with { Node = "/dev/video2", Rule = new CameraRule { Name = "front-desk" } };
        var problem = OpenProblems.Of(Camera, Failed(Errno.ENOSPC), Mode("YUYV", 1280, 720, 30), [new BusNeighbour(other, Mode("MJPG", 1920, 1080, 30))]).Problem;

        Assert.Equal((409, "usb_bandwidth"), (problem.Status, problem.Code));
        Assert.Equal(
            "/dev/video0 found not enough USB bandwidth on its USB bus (usb1). Others stream there: front-desk (/dev/video2), MJPG 1920x1080 at 30 fps. "
            + "A mode that needs less: MJPG 1280x720 at 30 fps (--size 1280x720 --fps 30).",
            problem.Detail);
        Assert.StartsWith("Ask for a mode that needs less (--size 1280x720 --fps 30), stop", problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rate_that_is_not_known_is_not_asked_for()
    {
        var camera = Camera with { Modes = [new DeviceMode { Format = "MJPG", Width = 640, Height = 480, Rates = [] }] };
        var problem = OpenProblems.Of(camera, Failed(Errno.ENOSPC), Mode("YUYV", 1280, 720, 30), []).Problem;
        Assert.EndsWith("A mode that needs less: MJPG 640x480 (--size 640x480).", problem.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("--fps", problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mode_is_not_named_in_its_own_place()
    {
        // The driver does not say its rate, so it takes none either: asked for at 15, it is the same again.
        var refused = Mode("MJPG", 1920, 1080, 30) with { IntervalNumerator = 0, IntervalDenominator = 0 };
        var large = new DeviceMode { Format = "MJPG", Width = 1920, Height = 1080, Rates = [15] };
        var small = new DeviceMode { Format = "MJPG", Width = 640, Height = 480, Rates = [] };

        Assert.DoesNotContain("A mode that needs less", BandwidthAdvice.Detail(Camera with { Modes = [large] }, refused, []), StringComparison.Ordinal);
        Assert.EndsWith(
            " A mode that needs less: MJPG 640x480 (--size 640x480).", BandwidthAdvice.Detail(Camera with { Modes = [large, small] }, refused, []), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no device")]
    [InlineData("no power")]
    [InlineData("no cable")]
    [InlineData("no signal")]
    [InlineData("no sync")]
    [InlineData("out of range")]
    [InlineData("no carrier")]
    [InlineData("no idea")]
    public void A_word_of_a_signal_has_one_reading(string word)
    {
        var problem = OpenProblems.NoSignal(Camera with { Inputs = [new DeviceInput(0, "HDMI", true, null)] }, word).Problem;
        Assert.Equal($"/dev/video0 receives no picture on its input HDMI: {word}.", problem.Detail);
        Assert.Equal($"{SignalAdvice.Of(word).Remedy}.", problem.Remedy, ignoreCase: true);
    }

    [Fact]
    public void No_power_is_the_source_that_is_switched_off() => Assert.Equal("Switch the source on.", OpenProblems.NoSignal(Camera, "no power").Problem.Remedy);

    [Fact]
    public void A_busy_camera_names_the_command_that_names_its_holder()
    {
        var problem = OpenProblems.Of(Camera with { Rule = new CameraRule { Name = "front-desk" } }, Failed(Errno.EBUSY), null, []).Problem;
        Assert.Equal("/dev/video0 is held by another process.", problem.Detail);
        Assert.StartsWith("damctl doctor front-desk ", problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void An_offline_camera_says_when_it_was_seen_and_to_plug_it_in()
    {
        var problem = OpenProblems.Offline(Camera with { Online = false }).Problem;
        Assert.Equal((409, "device_offline"), (problem.Status, problem.Code));
        Assert.Contains("last seen at 2026-11-28 12:00:00 UTC, as /dev/video0", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("OnPlug=record", problem.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "1920x1080p60")]
    [InlineData(true, "1920x1080i120")]
    public void A_digital_signal_has_a_short_name(bool interlaced, string words)
    {
        var timings = new DvTimings { Width = 1920, Height = 1080, IsInterlaced = interlaced, PixelClock_hz = 1920 * 1080 * 60 };
        Assert.Equal(words, SourceSignal.Words(timings));
        Assert.True(SourceSignal.IsSame(timings, timings with { PixelClock_hz = timings.PixelClock_hz * 1000 / 1001 }));
        Assert.False(SourceSignal.IsSame(timings, timings with { PixelClock_hz = timings.PixelClock_hz / 2 }));
        Assert.False(SourceSignal.IsSame(timings, timings with { Height = 720 }));
    }

    private static NativeException Failed(Errno errno) => new("VIDIOC_STREAMON", "/dev/video0", errno);

    private static CaptureMode Mode(string format, int width, int height, double fps) => new()
    {
        Format = format,
        Width = width,
        Height = height,
        Stride = 0,
        FrameBytes = 1,
        IntervalNumerator = 1,
        IntervalDenominator = (int)fps,
    };
}
