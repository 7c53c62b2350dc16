using ThatDam.Agent.Capture;
using ThatDam.Native.V4L2;

namespace ThatDam.Agent.Tests.Capture;

public sealed class V4L2ColorimetryTests
{
    [Theory]
    [InlineData("YUYV", ColorSpace.Srgb, "tv", "smpte170m", "bt709", "iec61966-2-1")]
    [InlineData("YUYV", ColorSpace.Rec709, "tv", "bt709", "bt709", "bt709")]
    [InlineData("NV12", ColorSpace.Smpte170M, "tv", "smpte170m", "smpte170m", "bt709")]
    [InlineData("YUYV", ColorSpace.Jpeg, "pc", "smpte170m", "bt709", "iec61966-2-1")]
    [InlineData("NV12", ColorSpace.Bt2020, "tv", "bt2020nc", "bt2020", "bt709")]
    [InlineData("MJPG", ColorSpace.Srgb, "pc", "smpte170m", "bt709", "iec61966-2-1")]
    [InlineData("RGB3", ColorSpace.Srgb, null, null, "bt709", "iec61966-2-1")]
    [InlineData("H264", ColorSpace.Srgb, null, null, null, null)]
    [InlineData("YUYV", ColorSpace.Default, null, null, null, null)]
    internal void What_a_driver_leaves_open_is_as_the_kernel_maps_it(string format, ColorSpace space, string? range, string? matrix, string? primaries, string? transfer) =>
        Assert.Equal(
            new Colorimetry(range, matrix, primaries, transfer),
            V4L2Colorimetry.Of(new VideoFormat { Width = 640, Height = 480, PixelFormat = Fourcc.Parse(format), ColorSpace = space }));

    [Fact]
    public void What_a_driver_says_counts()
    {
        var said = new VideoFormat
        {
            Width = 640,
            Height = 480,
            PixelFormat = PixelFormats.YUYV,
            ColorSpace = ColorSpace.Srgb,
            YcbcrEncoding = YcbcrEncoding.Rec709,
            Quantization = Quantization.FullRange,
            TransferFunction = TransferFunction.Smpte2084,
        };

        Assert.Equal(new Colorimetry("pc", "bt709", "bt709", "smpte2084"), V4L2Colorimetry.Of(said));
    }
}
