using ThatDam.Native.V4L2;
using ThatDam.Native.V4L2.Raw;

namespace ThatDam.Native.Tests.V4L2;

public sealed class DvTimingsTests
{
    private static readonly DvTimings Full1080p60 = new()
    {
        Width = 1920,
        Height = 1080,
        PixelClock_hz = 148_500_000,
        Polarities = 3,
        HorizontalFrontPorch = 88,
        HorizontalSync = 44,
        HorizontalBackPorch = 148,
        VerticalFrontPorch = 4,
        VerticalSync = 5,
        VerticalBackPorch = 36,
        Standards = 3,
        Flags = DvFlags.CanReduceFps | DvFlags.HasCea861Vic | DvFlags.HasPictureAspect,
        PictureAspect = new Fraction(16, 9),
        Cea861Vic = 16,
    };

    [Fact]
    public void TheFrameRateCountsTheBlanking()
    {
        Assert.Equal(60, Full1080p60.FrameRate);
        Assert.Equal(59.94, (Full1080p60 with { Flags = DvFlags.ReducedFps }).FrameRate, 2);
        Assert.Equal(0, new DvTimings { Width = 0, Height = 0, PixelClock_hz = 0 }.FrameRate);
    }

    [Fact]
    public void AnInterlacedFrameCountsBothFields()
    {
        var timings = Full1080p60 with
        {
            IsInterlaced = true,
            PixelClock_hz = 74_250_000,
            VerticalFrontPorch = 2,
            VerticalSync = 5,
            VerticalBackPorch = 15,
            InterlacedFrontPorch = 2,
            InterlacedSync = 5,
            InterlacedBackPorch = 16,
        };

        Assert.Equal(30, timings.FrameRate);
    }

    [Fact]
    public void NothingIsLostOnTheWayToTheKernelAndBack()
    {
        var timings = Full1080p60 with { IsInterlaced = true, InterlacedFrontPorch = 1, InterlacedSync = 2, InterlacedBackPorch = 3, HdmiVic = 4 };

        Assert.Equal(timings, DvTimings.FromRaw(timings.ToRaw()));
    }

    [Fact]
    public void AMultiplanarFormatIsTheSameRecordAsASinglePlanarOne()
    {
        var format = new VideoFormat
        {
            Width = 640,
            Height = 360,
            PixelFormat = PixelFormats.NV12M,
            Field = FieldOrder.Progressive,
            Planes = [new PlaneFormat(640, 230_400), new PlaneFormat(640, 115_200)],
            ColorSpace = ColorSpace.Rec709,
            YcbcrEncoding = YcbcrEncoding.Rec709,
            Quantization = Quantization.LimitedRange,
            TransferFunction = TransferFunction.Rec709,
        };

        var back = VideoFormat.FromRaw(format.ToRaw(BufferType.VideoCaptureMplane));

        Assert.Equal(format.Planes, back.Planes);
        Assert.Equal(format, back with { Planes = format.Planes });
        Assert.Equal(345_600u, back.SizeImage);
        Assert.Equal(640u, back.BytesPerLine);

        v4l2_format raw = (format with { Planes = [new PlaneFormat(1280, 460_800)] }).ToRaw(BufferType.VideoCapture);
        Assert.Equal(FormatConstants.V4L2_PIX_FMT_PRIV_MAGIC, raw.fmt.pix.priv);
        Assert.Equal(1280u, VideoFormat.FromRaw(raw).BytesPerLine);
    }
}
