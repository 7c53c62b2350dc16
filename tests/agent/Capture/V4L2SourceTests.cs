using System.Diagnostics;
using ThatDam.Agent.Capture;
using ThatDam.Agent.Devices;
using ThatDam.Agent.Tests.Devices;
using ThatDam.Contract;
using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;

namespace ThatDam.Agent.Tests.Capture;

/// <summary>Real streams from vivid, single- and multi-planar.</summary>
[Collection("bed")]
[Trait("bed", "guest")]
public sealed class V4L2SourceTests : IAsyncLifetime
{
    private IReadOnlyList<Device> _devices = [];

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(File.Exists("/dev/video0"), "there is no /dev/video0");
        _devices = await V4L2CtlTests.ScanAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Frames_come_in_order_at_the_rate_that_was_asked_for(bool multiplanar)
    {
        using var source = V4L2Source.Open(Camera(multiplanar), new ModeRequest(["YUYV"], 640, 360, 30), buffers: 6);
        Assert.Equal(("YUYV", 640, 360, 1), (source.Mode.Format, source.Mode.Width, source.Mode.Height, source.Mode.Planes));
        Assert.Equal(1280, source.Mode.Stride);
        Assert.Equal(30, source.Mode.Fps, 3);
        Assert.Equal("tv", source.Mode.Color.Range);

        var before_us = Now_us();
        source.Start();
        var frames = Take(source, 30);
        source.Stop();
        var after_us = Now_us();

        Assert.All(frames, frame => Assert.Equal(640 * 360 * 2, frame.Bytes));
        // vivid dates a frame to its end, which may be a frame ahead.
        Assert.All(frames, frame => Assert.InRange(frame.Timestamp_us, before_us, after_us + 33_334));
        Assert.DoesNotContain(frames, frame => frame.Error);
        var span = frames[^1].Sequence - frames[0].Sequence;
        // Either end may be most of a frame off.
        Assert.InRange((frames[^1].Timestamp_us - frames[0].Timestamp_us) / (double)span, 33_333 - (33_333 / span), 33_333 + (33_333 / span));
    }

    [Fact]
    public void A_stopped_source_starts_again()
    {
        using var source = V4L2Source.Open(Camera(false), new ModeRequest(["NV12"], 320, 180, 60), buffers: 4);
        for (var round = 0; round < 3; round++)
        {
            source.Start();
            Assert.Equal(0u, Take(source, 2)[0].Sequence);
            source.Stop();
        }
    }

    [Fact]
    public void A_second_stream_of_the_same_camera_finds_it_busy()
    {
        using var first = V4L2Source.Open(Camera(false), new ModeRequest(["YUYV"], 640, 360), buffers: 4);
        first.Start();

        var busy = Assert.Throws<NativeException>(() =>
        {
            using var second = V4L2Source.Open(Camera(false), new ModeRequest(["YUYV"], 320, 180), buffers: 4);
        });

        Assert.Equal(Errno.EBUSY, busy.Errno);
        Assert.NotEmpty(Take(first, 3));
    }

    [Fact]
    public void What_the_driver_does_not_keep_is_refused()
    {
        // The device's list is made to promise what vivid has not: a size that S_FMT moves to another.
        var camera = Camera(false) with { Modes = [new DeviceMode { Format = "YUYV", Width = 642, Height = 362, Rates = [30] }] };

        var problem = Assert.Throws<ProblemException>(() => V4L2Source.Open(camera, new ModeRequest(["YUYV"], 642, 362, 30), buffers: 4)).Problem;

        Assert.Equal((422, "mode_unavailable"), (problem.Status, problem.Code));
        Assert.Contains("its driver set YUYV 640x360", problem.Detail, StringComparison.Ordinal);
    }

    private Device Camera(bool multiplanar) => _devices.First(device => device.Multiplanar == multiplanar);

    private static List<CapturedFrame> Take(V4L2Source source, int count)
    {
        using var poll = new PollSet();
        poll.Add(source.Readiness, PollEvents.In);
        var frames = new List<CapturedFrame>();
        var deadline = Stopwatch.StartNew();
        while (frames.Count < count)
        {
            Assert.True(deadline.Elapsed < TimeSpan.FromSeconds(30), $"{frames.Count} frames in 30 s");
            poll.Wait(1000);
            while (source.TryDequeue(out var frame))
            {
                frames.Add(frame);
                source.Queue(frame.Index);
            }
        }
        return frames;
    }

    private static long Now_us() => Stopwatch.GetTimestamp() / 1000;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
