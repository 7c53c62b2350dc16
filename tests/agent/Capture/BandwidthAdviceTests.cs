using ThatDam.Agent.Capture;
using ThatDam.Agent.Devices;
using ThatDam.Contract;

namespace ThatDam.Agent.Tests.Capture;

/// <summary>The mode that is named where the bus is full.</summary>
public sealed class BandwidthAdviceTests
{
    [Fact]
    public void A_mode_is_not_named_in_its_own_place()
    {
        // The driver does not say its rate, so it takes none either: asked for at 15, it is the same again.
        var refused = new CaptureMode { Format = "MJPG", Width = 1920, Height = 1080, Stride = 0, FrameBytes = 1, IntervalNumerator = 0, IntervalDenominator = 0 };
        Assert.Equal(0, refused.Fps);

        Assert.DoesNotContain("A mode that needs less", BandwidthAdvice.Detail(Camera(Mode(1920, 1080, 15)), refused, []), StringComparison.Ordinal);
        Assert.EndsWith(
            " A mode that needs less: MJPG 640x480 (--size 640x480).",
            BandwidthAdvice.Detail(Camera(Mode(1920, 1080, 15), Mode(640, 480)), refused, []),
            StringComparison.Ordinal);
    }

    private static DeviceMode Mode(int width, int height, params double[] rates) => new() { Format = "MJPG", Width = width, Height = height, Rates = rates };

    private static Device Camera(params DeviceMode[] modes) => new()
    {
        Node = "/dev/video0",
        Kind = DeviceKind.V4L2,
        Role = DeviceRole.Capture,
        Name = "HD Webcam",
        Driver = "uvcvideo",
        Bus = "usb-1",
        StableId = "046d:0825-A-00",
        Modes = modes,
        LastSeen = new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero),
    };
}
