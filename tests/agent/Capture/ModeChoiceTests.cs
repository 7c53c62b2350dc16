using ThatDam.Agent.Capture;
using ThatDam.Agent.Devices;
using ThatDam.Contract;

namespace ThatDam.Agent.Tests.Capture;

public sealed class ModeChoiceTests
{
    private static readonly Device Webcam = With(
        Mode("YUYV", 640, 480, 30, 15),
        Mode("YUYV", 1920, 1080, 5),
        Mode("NV12", 640, 480, 30),
        Mode("MJPG", 1280, 720, 60, 30, 15),
        Mode("MJPG", 1920, 1080, 30, 24),
        Mode("MJPG", 3840, 2160, 15));

    private static readonly Device Sensor = With(
        Mode("YUYV", 320, 180, 60, 30) with { Range = new SizeRange(4096, 2160, 2, 2), RateRange = true },
        Mode("GREY", 640, 480));

    [Fact]
    public void Unasked_it_is_the_largest_compressed_mode_at_30_fps() =>
        Assert.Equal(new ChosenMode("MJPG", 1920, 1080, 30), ModeChoice.Choose(Webcam, new ModeRequest()));

    [Fact]
    public void Of_the_rates_that_reach_30_the_least_is_taken() =>
        Assert.Equal(new ChosenMode("MJPG", 1280, 720, 30), ModeChoice.Choose(Webcam, new ModeRequest(Width: 1280, Height: 720)));

    [Fact]
    public void Between_equal_raw_modes_it_is_what_encoders_take() =>
        Assert.Equal("NV12", ModeChoice.Default(With(Mode("BGR3", 640, 480, 30), Mode("YUYV", 640, 480, 30), Mode("NV12", 640, 480, 30)))?.Format);

    [Fact]
    public void Formats_restrict_and_their_order_means_nothing()
    {
        Assert.Equal(new ChosenMode("YUYV", 640, 480, 30), ModeChoice.Choose(Webcam, new ModeRequest(["YUYV"])));
        Assert.Equal(new ChosenMode("NV12", 640, 480, 30), ModeChoice.Choose(Webcam, new ModeRequest(["YUYV", "NV12"])));
    }

    [Fact]
    public void Where_nothing_reaches_30_the_fastest_comes_before_the_largest() =>
        Assert.Equal(
            new ChosenMode("YUYV", 1280, 720, 25),
            ModeChoice.Choose(With(Mode("YUYV", 1920, 1080, 5), Mode("YUYV", 1280, 720, 25, 10), Mode("YUYV", 640, 480, 25)), new ModeRequest()));

    [Fact]
    public void NTSC_rates_count_as_30() =>
        Assert.Equal(
            new ChosenMode("YUYV", 1920, 1080, 29.97),
            ModeChoice.Choose(With(Mode("YUYV", 1920, 1080, 59.94, 29.97), Mode("YUYV", 1280, 720, 60)), new ModeRequest(Fps: 30)));

    [Fact]
    public void A_rate_alone_finds_the_largest_size_that_has_it() =>
        Assert.Equal(new ChosenMode("MJPG", 3840, 2160, 15), ModeChoice.Choose(Webcam, new ModeRequest(Fps: 15)));

    [Fact]
    public void In_ranges_what_is_asked_for_must_lie_on_a_step()
    {
        Assert.Equal(new ChosenMode("YUYV", 1920, 1080, 30), ModeChoice.Choose(Sensor, new ModeRequest()));
        Assert.Equal(new ChosenMode("YUYV", 1002, 800, 45), ModeChoice.Choose(Sensor, new ModeRequest(Width: 1002, Height: 800, Fps: 45)));
        Assert.Throws<ProblemException>(() => ModeChoice.Choose(Sensor, new ModeRequest(Width: 1001, Height: 800)));
        Assert.Throws<ProblemException>(() => ModeChoice.Choose(Sensor, new ModeRequest(Width: 8192, Height: 2160)));
        Assert.Throws<ProblemException>(() => ModeChoice.Choose(Sensor, new ModeRequest(Fps: 120)));
    }

    [Fact]
    public void A_rate_that_the_driver_does_not_tell_answers_no_question_for_one()
    {
        Assert.Equal(new ChosenMode("GREY", 640, 480, 0), ModeChoice.Choose(Sensor, new ModeRequest(["GREY"])));
        Assert.Throws<ProblemException>(() => ModeChoice.Choose(Sensor, new ModeRequest(["GREY"], Fps: 30)));
    }

    [Fact]
    public void What_is_not_there_is_refused_with_the_nearest_modes()
    {
        var problem = Assert.Throws<ProblemException>(() => ModeChoice.Choose(Webcam, new ModeRequest(["YUYV"], 1920, 1088, 30))).Problem;

        Assert.Equal((422, "mode_unavailable"), (problem.Status, problem.Code));
        Assert.Equal("/dev/video0 has no mode YUYV of 1920x1088 at 30 fps.", problem.Detail);
        Assert.StartsWith("The nearest are: YUYV 1920x1080 at 5 fps; YUYV 640x480 at 30/15 fps; ", problem.Remedy, StringComparison.Ordinal);
        Assert.EndsWith("damctl devices show video0", problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_without_modes_says_why()
    {
        var problem = Assert.Throws<ProblemException>(() => ModeChoice.Choose(With() with { Problem = "Feed it." }, new ModeRequest())).Problem;

        Assert.Equal("Feed it.", problem.Remedy);
    }

    private static DeviceMode Mode(string format, int width, int height, params double[] rates) =>
        new() { Format = format, Width = width, Height = height, Rates = rates };

    private static Device With(params DeviceMode[] modes) => new()
    {
        Node = "/dev/video0",
        Kind = DeviceKind.V4L2,
        Role = DeviceRole.Capture,
        Name = "A camera",
        Driver = "uvcvideo",
        Bus = "usb",
        StableId = "a",
        Modes = modes,
        LastSeen = DateTimeOffset.UnixEpoch,
    };
}
