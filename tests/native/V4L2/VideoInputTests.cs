using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;
using ThatDam.Native.V4L2;

namespace ThatDam.Native.Tests.V4L2;

[Collection(VividCollection.Name)]
public sealed class VideoInputTests
{
    [Fact]
    [Trait("bed", "guest")]
    public void InputsAreListedAndChosen()
    {
        using var device = Vivid.Open(BufferType.VideoCapture);

        var inputs = device.EnumerateInputs();
        Assert.Equal([0u, 1u, 2u, 3u], inputs.Select(input => input.Index));
        Assert.StartsWith("Webcam", inputs[(int)Vivid.Webcam].Name, StringComparison.Ordinal);
        Assert.Equal(InputStatus.None, inputs[(int)Vivid.Webcam].Status);
        Assert.StartsWith("HDMI", inputs[(int)Vivid.Hdmi].Name, StringComparison.Ordinal);
        Assert.True(inputs[(int)Vivid.Hdmi].Capabilities.HasFlag(InputCapabilities.DvTimings));

        Assert.Equal(Vivid.Webcam, device.GetInput());
        device.SetInput(Vivid.Hdmi);
        Assert.Equal(Vivid.Hdmi, device.GetInput());
        Assert.Equal(Errno.EINVAL, Assert.Throws<NativeException>(() => device.SetInput(99)).Errno);
    }

    [Fact]
    [Trait("bed", "guest")]
    public void AWebcamHasNoDvTimings()
    {
        using var device = Vivid.Open(BufferType.VideoCapture);

        Assert.Null(device.GetDvTimings());
        Assert.Null(device.QueryDvTimings());
        Assert.Equal(Errno.ENODATA, Assert.Throws<NativeException>(() => device.SetDvTimings(new DvTimings { Width = 640, Height = 480, PixelClock_hz = 1 })).Errno);
    }

    [Theory]
    [InlineData(Errno.None, null, SignalState.Ok)]
    [InlineData(Errno.ENODEV, null, SignalState.NoDevice)]
    [InlineData(Errno.ENOLINK, false, SignalState.NoCable)]
    [InlineData(Errno.ENOLINK, true, SignalState.NoSignal)]
    [InlineData(Errno.ENOLINK, null, SignalState.NoSignal)]
    [InlineData(Errno.ENOLCK, null, SignalState.NoSync)]
    [InlineData(Errno.ERANGE, null, SignalState.OutOfRange)]
    [InlineData(Errno.EBUSY, null, null)]
    public void AnErrnoIsOneWordOfTheSignal(Errno errno, bool? powered, SignalState? state) => Assert.Equal(state, DvSignal.StateOf(errno, powered));

    [Theory]
    [MemberData(nameof(VideoDeviceTests.BothApis), MemberType = typeof(VideoDeviceTests))]
    [Trait("bed", "guest")]
    public void ASignalLostOrFoundIsToldInOneWord(BufferType type)
    {
        using var device = Vivid.Open(type);
        device.SetInput(Vivid.Hdmi);
        var mode = device.Control("DV Timings Signal Mode");
        try
        {
            foreach (var (words, state) in new[]
                     {
                         ("Selected DV Timings", SignalState.Ok),
                         ("No Signal", SignalState.NoCable), // vivid takes the power away with the signal
                         ("No Lock", SignalState.NoSync),
                         ("Out of Range", SignalState.OutOfRange),
                         ("Current DV Timings", SignalState.Ok),
                     })
            {
                var item = device.QueryMenu(mode).Single(item => item.Name == words);
                device.SetControl(mode.Id, (int)item.Index);
                var signal = device.QueryDvTimings();
                Assert.Equal(state, signal!.State);
                Assert.Equal(state == SignalState.Ok, signal.Timings is not null);
            }

            Assert.True(device.EnumerateInputs()[(int)Vivid.Hdmi].Status == InputStatus.None);
        }
        finally
        {
            device.SetControl(mode.Id, 0);
            device.SetInput(Vivid.Webcam);
        }
    }

    [Fact]
    [Trait("bed", "guest")]
    public void SetTimingsAreReadBackAndBringTheirFormat()
    {
        using var device = Vivid.Open(BufferType.VideoCapture);
        device.SetInput(Vivid.Hdmi);
        var before = device.GetDvTimings();
        Assert.NotNull(before);
        try
        {
            // CEA-861 code 4.
            var set = device.SetDvTimings(new DvTimings
            {
                Width = 1280,
                Height = 720,
                PixelClock_hz = 74_250_000,
                Polarities = 3,
                HorizontalFrontPorch = 110,
                HorizontalSync = 40,
                HorizontalBackPorch = 220,
                VerticalFrontPorch = 5,
                VerticalSync = 5,
                VerticalBackPorch = 20,
                Standards = 1,
            });

            Assert.Equal(60, set.FrameRate);
            Assert.Equal(set, device.GetDvTimings());
            Assert.Equal((1280u, 720u), (device.GetFormat(BufferType.VideoCapture).Width, device.GetFormat(BufferType.VideoCapture).Height));
        }
        finally
        {
            device.SetDvTimings(before);
            device.SetInput(Vivid.Webcam);
        }
    }

    [Fact]
    [Trait("bed", "guest")]
    public void ASourceChangeWakesThePollWithAnEvent()
    {
        using var device = Vivid.Open(BufferType.VideoCapture);
        device.SetInput(Vivid.Hdmi);
        var mode = device.Control("DV Timings Signal Mode");
        Assert.True(device.SubscribeEvent(VideoEventType.SourceChange, Vivid.Hdmi));
        Assert.False(device.TryDequeueEvent(out _));
        try
        {
            using var poll = new PollSet();
            var place = poll.Add(device.Descriptor, PollEvents.Priority);
            device.SetControl(mode.Id, (int)device.QueryMenu(mode).Single(item => item.Name == "No Signal").Index);

            Assert.True(poll.Wait(3000));
            Assert.True(poll.Found(place).HasFlag(PollEvents.Priority));
            Assert.True(device.TryDequeueEvent(out var happened));
            Assert.Equal(VideoEventType.SourceChange, happened.Type);
            Assert.Equal(Vivid.Hdmi, happened.Id);
            Assert.Equal(SourceChanges.Resolution, happened.SourceChanges);
            Assert.True(happened.Timestamp_us > 0);

            Assert.True(device.UnsubscribeEvent(VideoEventType.SourceChange, Vivid.Hdmi));
            device.SetControl(mode.Id, 0);
            Assert.False(device.TryDequeueEvent(out _));
        }
        finally
        {
            device.SetControl(mode.Id, 0);
            device.SetInput(Vivid.Webcam);
        }
    }
}
