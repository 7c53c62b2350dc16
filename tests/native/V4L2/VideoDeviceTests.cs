using System.Diagnostics;
using ThatDam.Native.Errors;
using ThatDam.Native.V4L2;

namespace ThatDam.Native.Tests.V4L2;

[Collection(VividCollection.Name)]
public sealed class VideoDeviceTests
{
    public static TheoryData<BufferType> BothApis => [BufferType.VideoCapture, BufferType.VideoCaptureMplane];

    [Fact]
    public void AnAbsentNodeIsNamedWithItsReason()
    {
        var exception = Assert.Throws<NativeException>(() => VideoDevice.Open("/dev/no-such-video"));

        Assert.Equal(("open", "/dev/no-such-video", Errno.ENOENT), (exception.Call, exception.Target, exception.Errno));
    }

    [Fact]
    public void WhatIsNoVideoNodeSaysSo()
    {
        using var device = VideoDevice.Open("/dev/null");

        var exception = Assert.Throws<NativeException>(device.QueryCapability);

        Assert.Equal(("VIDIOC_QUERYCAP", "/dev/null", Errno.ENOTTY), (exception.Call, exception.Target, exception.Errno));
        Assert.Empty(device.EnumerateFormats(BufferType.VideoCapture));
        Assert.Same(FrameSizes.None, device.EnumerateFrameSizes(PixelFormats.YUYV));
        Assert.Null(device.GetParameters(BufferType.VideoCapture));
        Assert.Null(device.GetInput());
        Assert.Null(device.QueryDvTimings());
        Assert.Empty(device.EnumerateControls());
        Assert.False(device.SubscribeEvent(VideoEventType.SourceChange));
        Assert.False(device.TryDequeueEvent(out _));
        Assert.Equal(Errno.ENOTTY, Assert.Throws<NativeException>(() => device.RequestBuffers(BufferType.VideoCapture, 4)).Errno);
    }

    [Theory]
    [MemberData(nameof(BothApis))]
    [Trait("bed", "guest")]
    public void ANodeSaysWhatItIs(BufferType type)
    {
        using var device = Vivid.Open(type);

        var capability = device.QueryCapability();

        Assert.Equal("vivid", capability.Driver);
        Assert.Equal("vivid", capability.Card);
        Assert.StartsWith("platform:vivid", capability.BusInfo, StringComparison.Ordinal);
        Assert.True(capability.Version.Major >= 5);
        Assert.True(capability.DeviceCaps.HasFlag(VideoCapabilities.Streaming));
        Assert.False(capability.DeviceCaps.HasFlag(VideoCapabilities.DeviceCaps));
        Assert.True(capability.PhysicalCaps.HasFlag(VideoCapabilities.DeviceCaps));
    }

    [Theory]
    [MemberData(nameof(BothApis))]
    [Trait("bed", "guest")]
    public void FormatsSizesAndRatesAreListed(BufferType type)
    {
        using var device = Vivid.Open(type);

        var formats = device.EnumerateFormats(type);
        Assert.Contains(formats, format => format.Format == PixelFormats.YUYV && format.Description.StartsWith("YUYV", StringComparison.Ordinal));
        Assert.Contains(formats, format => format.Format == PixelFormats.NV12);
        Assert.Equal(type == BufferType.VideoCaptureMplane, formats.Any(format => format.Format == PixelFormats.NV12M));
        Assert.Equal(formats.Count, formats.Select(format => format.Format).Distinct().Count());
        Assert.DoesNotContain(formats, format => format.Flags.HasFlag(PixelFormatFlags.Compressed));

        var sizes = device.EnumerateFrameSizes(PixelFormats.YUYV);
        Assert.Equal(FrameRangeKind.Discrete, sizes.Kind);
        Assert.True(sizes.Contains(new FrameSize(320, 180)) && sizes.Contains(new FrameSize(1920, 1080)));
        foreach (var size in sizes.Discrete)
        {
            var intervals = device.EnumerateFrameIntervals(PixelFormats.YUYV, size.Width, size.Height);
            Assert.Equal(FrameRangeKind.Discrete, intervals.Kind);
            Assert.All(intervals.Rates, rate => Assert.InRange(rate.Value, 1, 120));
        }

        Assert.Same(FrameIntervals.None, device.EnumerateFrameIntervals(PixelFormats.YUYV, 321, 181));
        Assert.Same(FrameSizes.None, device.EnumerateFrameSizes(Fourcc.Parse("none")));
    }

    [Fact]
    [Trait("bed", "guest")]
    public void AnInputThatScalesListsAStepwiseRange()
    {
        using var device = Vivid.Open(BufferType.VideoCapture);
        device.SetInput(Vivid.Hdmi);

        var sizes = device.EnumerateFrameSizes(PixelFormats.YUYV);

        Assert.SkipWhen(sizes.Kind == FrameRangeKind.None, "this vivid does not scale");
        Assert.Equal(FrameRangeKind.Stepwise, sizes.Kind);
        Assert.True(sizes.Range!.Value.MaxWidth >= 1920);
        Assert.Empty(sizes.Discrete);
    }

    [Fact]
    [Trait("bed", "guest")]
    public void AnIdleLoopbackListsContinuousRanges()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "needs to load a module");
        const string Node = "/dev/video90";
        using (var modprobe = Process.Start("modprobe", ["v4l2loopback", "video_nr=90"]))
            modprobe.WaitForExit();
        Assert.SkipUnless(File.Exists(Node), "no v4l2loopback here");
        using var device = VideoDevice.Open(Node);

        var sizes = device.EnumerateFrameSizes(PixelFormats.YUYV);
        Assert.Equal(FrameRangeKind.Continuous, sizes.Kind);
        Assert.True(sizes.Contains(new FrameSize(641, 479)));
        Assert.False(sizes.Contains(new FrameSize(1, 1)));

        var intervals = device.EnumerateFrameIntervals(PixelFormats.BGR24, 640, 480);
        Assert.Equal(FrameRangeKind.Continuous, intervals.Kind);
        Assert.True(intervals.Range!.Value.IsContinuous);
        Assert.True(intervals.Contains(new Fraction(1001, 30000)));
        Assert.True(intervals.Range.Value.MinRate < intervals.Range.Value.MaxRate);
    }

    [Theory]
    [MemberData(nameof(BothApis))]
    [Trait("bed", "guest")]
    public void ASetFormatIsReadBackAsTheDriverMadeIt(BufferType type)
    {
        using var device = Vivid.Open(type);

        var odd = new VideoFormat { Width = 333, Height = 200, PixelFormat = Fourcc.Parse("none") };
        var tried = device.TryFormat(type, odd)!;
        Assert.Equal((320u, 180u), (tried.Width, tried.Height));
        Assert.NotEqual(odd.PixelFormat, tried.PixelFormat);

        var set = device.SetFormat(type, new VideoFormat { Width = 640, Height = 360, PixelFormat = PixelFormats.YUYV });
        Assert.Equal((640u, 360u, PixelFormats.YUYV), (set.Width, set.Height, set.PixelFormat));
        Assert.Equal(1280u, set.BytesPerLine);
        Assert.Equal(1280u * 360, set.SizeImage);
        Assert.Equal(FieldOrder.Progressive, set.Field);
        Assert.NotEqual(ColorSpace.Default, set.ColorSpace);
        Assert.Equal(set.Planes, device.GetFormat(type).Planes);
        Assert.Equal(set, device.GetFormat(type) with { Planes = set.Planes });

        // A stride of the asker's own, which vivid takes.
        var padded = device.SetFormat(type, set with { Planes = [new PlaneFormat(1408, 0)] });
        Assert.Equal(1408u, padded.BytesPerLine);
        Assert.Equal(1408u * 360, padded.SizeImage);
    }

    [Fact]
    [Trait("bed", "guest")]
    public void AFormatInTwoPlanesTellsOfBoth()
    {
        using var device = Vivid.Open(BufferType.VideoCaptureMplane);

        var format = device.SetFormat(BufferType.VideoCaptureMplane, new VideoFormat { Width = 320, Height = 180, PixelFormat = PixelFormats.NV12M });

        Assert.Equal(PixelFormats.NV12M, format.PixelFormat);
        Assert.Equal([new PlaneFormat(320, 320 * 180), new PlaneFormat(320, 320 * 90)], format.Planes);
    }

    [Theory]
    [MemberData(nameof(BothApis))]
    [Trait("bed", "guest")]
    public void ASetIntervalIsReadBackAsTheDriverMadeIt(BufferType type)
    {
        using var device = Vivid.Open(type);
        var intervals = device.EnumerateFrameIntervals(PixelFormats.YUYV, 320, 180);
        foreach (var interval in intervals.Discrete)
        {
            var set = device.SetFrameInterval(type, interval);
            Assert.True(set!.Value.SupportsInterval);
            Assert.Equal(0, interval.CompareTo(set.Value.Interval));
            Assert.Equal(set, device.GetParameters(type));
        }

        // Near one that it has.
        var near = device.SetFrameInterval(type, new Fraction(1, 29))!.Value.Interval;
        Assert.True(intervals.Contains(near));
    }

    [Fact]
    [Trait("bed", "guest")]
    public void AQueueThatTheNodeLacksHasNoFormat()
    {
        using var device = Vivid.Open(BufferType.VideoCapture);

        Assert.Empty(device.EnumerateFormats(BufferType.VideoCaptureMplane));
        Assert.Contains(Assert.Throws<NativeException>(() => device.GetFormat(BufferType.VideoCaptureMplane)).Errno, (Errno[])[Errno.EINVAL, Errno.ENOTTY]);
    }
}
