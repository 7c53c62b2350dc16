using System.Diagnostics;
using System.Globalization;
using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;
using ThatDam.Native.V4L2;
using Tmds.Linux;

namespace ThatDam.Native.Tests.V4L2;

[Collection(VividCollection.Name)]
public sealed class BufferQueueTests
{
    [Theory]
    [MemberData(nameof(VideoDeviceTests.BothApis), MemberType = typeof(VideoDeviceTests))]
    [Trait("bed", "guest")]
    public void FramesComeInOrderWithMonotonicTimes(BufferType type)
    {
        using var device = Vivid.Open(type);
        using var queue = device.RequestBuffers(type, 4);
        Assert.True(queue.Count >= 2);
        Assert.False(queue.IsStreaming);
        queue.Start();
        Assert.True(queue.IsStreaming);

        VideoBuffer? previous = null;
        for (var frame = 0; frame < 10; frame++)
        {
            var buffer = queue.Next(device);
            Assert.InRange(buffer.Index, 0, queue.Count - 1);
            Assert.Equal(320 * 180 * 2, buffer.BytesUsed);
            Assert.Equal(0, buffer.DataOffset);
            Assert.True(queue.Length(buffer.Index) >= buffer.BytesUsed);
            Assert.Equal(TimestampClock.Monotonic, buffer.Clock);
            Assert.False(buffer.IsError);
            // vivid's time is the start of exposure by its own reckoning, which runs up to a frame ahead.
            var age_us = Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000) - buffer.Timestamp_us;
            Assert.InRange(age_us, -200_000, 5_000_000);
            if (previous is { } before)
            {
                Assert.True(buffer.Sequence > before.Sequence);
                Assert.True(buffer.Timestamp_us > before.Timestamp_us);
            }

            Assert.True(IsPicture(queue, buffer.Index, 0, buffer.BytesUsed));
            previous = buffer;
            queue.Queue(buffer.Index);
        }
    }

    [Fact]
    [Trait("bed", "guest")]
    public void EveryPlaneIsMappedAndFilled()
    {
        const BufferType Type = BufferType.VideoCaptureMplane;
        using var device = Vivid.Open(Type);
        device.SetFormat(Type, new VideoFormat { Width = 320, Height = 180, PixelFormat = PixelFormats.NV12M });
        using var queue = device.RequestBuffers(Type, 4);
        queue.Start();

        var buffer = queue.Next(device);

        Assert.Equal(2, queue.PlaneCount(buffer.Index));
        Assert.Equal(2, buffer.PlaneCount);
        Assert.Equal(320 * 180, buffer.BytesUsed);
        Assert.Equal(new PlaneFill(320 * 90, 0), buffer.Plane(1));
        Assert.NotEqual(queue.Address(buffer.Index), queue.Address(buffer.Index, 1));
        Assert.True(IsPicture(queue, buffer.Index, 0, buffer.BytesUsed));
        Assert.True(IsPicture(queue, buffer.Index, 1, buffer.Plane(1).BytesUsed));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Plane(2));
    }

    [Fact]
    [Trait("bed", "guest")]
    public void WithoutAFrameThereIsNothingToTake()
    {
        using var device = Vivid.Open(BufferType.VideoCapture);
        using var queue = device.RequestBuffers(BufferType.VideoCapture, 4);

        Assert.Equal(Errno.EINVAL, Assert.Throws<NativeException>(() => queue.TryDequeue(out _)).Errno); // not streaming
        queue.Start();
        while (queue.TryDequeue(out _))
        {
        }

        Assert.Equal(Errno.EINVAL, Assert.Throws<NativeException>(() => { queue.Queue(0); queue.Queue(0); }).Errno); // the driver has it already
    }

    [Fact]
    [Trait("bed", "guest")]
    public void ADamagedFrameIsMarkedAndTheStreamGoesOn()
    {
        using var device = Vivid.Open(BufferType.VideoCapture);
        using var queue = device.RequestBuffers(BufferType.VideoCapture, 4);
        queue.Start();
        queue.Queue(queue.Next(device).Index);

        device.SetControl(device.Control("Inject V4L2_BUF_FLAG_ERROR").Id, 0); // a button
        var damaged = 0;
        for (var frame = 0; frame < 10 && damaged == 0; frame++)
        {
            var buffer = queue.Next(device);
            damaged += buffer.IsError ? 1 : 0;
            queue.Queue(buffer.Index);
        }

        Assert.Equal(1, damaged);
        Assert.False(queue.Next(device).IsError);
    }

    [Fact]
    [Trait("bed", "guest")]
    public void ARefusedStartLeavesTheQueueAsItWas()
    {
        using var device = Vivid.Open(BufferType.VideoCapture);
        using var queue = device.RequestBuffers(BufferType.VideoCapture, 4);
        for (var i = 0; i < queue.Count; i++)
            queue.Queue(i);
        device.SetControl(device.Control("Inject VIDIOC_STREAMON Error").Id, 0);

        var exception = Assert.Throws<NativeException>(queue.StreamOn);

        Assert.Equal(("VIDIOC_STREAMON", device.Path), (exception.Call, exception.Target));
        Assert.False(queue.IsStreaming);
        queue.StreamOn();
        _ = queue.Next(device);
    }

    [Fact]
    [Trait("bed", "guest")]
    public void ASequenceStartsAnewAfterAStop()
    {
        using var device = Vivid.Open(BufferType.VideoCapture);
        using var queue = device.RequestBuffers(BufferType.VideoCapture, 4);
        for (var round = 0; round < 3; round++)
        {
            queue.Start();
            Assert.InRange(queue.Next(device).Sequence, 0u, 2u);
            queue.StreamOff();
        }
    }

    [Fact]
    [Trait("bed", "guest")]
    public void OneStreamsAndTheOtherIsToldBusy()
    {
        using var device = Vivid.Open(BufferType.VideoCapture);
        using var other = VideoDevice.Open(device.Path);
        using var queue = device.RequestBuffers(BufferType.VideoCapture, 4);

        Assert.Equal(Errno.EBUSY, Assert.Throws<NativeException>(() => other.RequestBuffers(BufferType.VideoCapture, 4)).Errno);
        Assert.Equal(Errno.EBUSY, Assert.Throws<NativeException>(() =>
            other.SetFormat(BufferType.VideoCapture, new VideoFormat { Width = 640, Height = 360, PixelFormat = PixelFormats.YUYV })).Errno);
        queue.Dispose();
        other.RequestBuffers(BufferType.VideoCapture, 4).Dispose();
        Assert.Throws<ObjectDisposedException>(() => queue.Queue(0));
        Assert.Throws<ObjectDisposedException>(() => queue.TryDequeue(out _));
    }

    [Theory]
    [MemberData(nameof(VideoDeviceTests.BothApis), MemberType = typeof(VideoDeviceTests))]
    [Trait("bed", "guest")]
    public unsafe void AnExportedBufferIsTheSameMemory(BufferType type)
    {
        using var device = Vivid.Open(type);
        using var queue = device.RequestBuffers(type, 4);
        queue.Start();
        var buffer = queue.Next(device);

        DmaBufDescriptor exported;
        try
        {
            exported = queue.ExportBuffer(buffer.Index);
        }
        catch (NativeException exception) when (exception.Errno is Errno.ENOTTY or Errno.EINVAL)
        {
            Assert.Skip("this vivid exports nothing");
            throw;
        }

        using (exported)
        {
            using var lease = exported.Lease();
            var memory = LibC.mmap(null, buffer.BytesUsed, LibC.PROT_READ, LibC.MAP_SHARED, lease.Fd, 0);
            Assert.True(memory != LibC.MAP_FAILED);
            Assert.True(new ReadOnlySpan<byte>(memory, buffer.BytesUsed).SequenceEqual(new ReadOnlySpan<byte>((void*)queue.Address(buffer.Index), buffer.BytesUsed)));
            _ = LibC.munmap(memory, buffer.BytesUsed);
        }
    }

    [Fact]
    [Trait("bed", "guest")]
    public void TakingAndGivingAllocatesNothing()
    {
        using var device = Vivid.Open(BufferType.VideoCaptureMplane);
        using var queue = device.RequestBuffers(BufferType.VideoCaptureMplane, 4);
        using var poll = new PollSet();
        poll.Add(device.Descriptor, PollEvents.In);
        queue.Start();
        long allocated = 0;
        for (var frame = 0; frame < 60;)
        {
            poll.Wait(3000);
            if (frame == 10)
                allocated = GC.GetAllocatedBytesForCurrentThread();
            if (!queue.TryDequeue(out var buffer))
                continue;
            queue.Queue(buffer.Index);
            frame++;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    [Theory]
    [MemberData(nameof(VideoDeviceTests.BothApis), MemberType = typeof(VideoDeviceTests))]
    [Trait("bed", "guest")]
    public void OpeningStreamingAndClosingLeaksNothing(BufferType type)
    {
        var rounds = Environment.GetEnvironmentVariable("THATDAM_FULL") == "1" ? 1000 : 100;
        Round(type); // what the first round alone opens is not counted
        var before = (Descriptors: OpenDescriptors(), Mappings: VideoMappings());
        for (var round = 0; round < rounds; round++)
            Round(type);

        Assert.Equal(before.Descriptors, OpenDescriptors());
        Assert.Equal((0, 0), (before.Mappings, VideoMappings()));
    }

    [Fact]
    [Trait("bed", "guest")]
    public void AnUnpluggedDeviceSaysNoDevice()
    {
        using var device = Vivid.Open(BufferType.VideoCapture);
        const string Driver = "/sys/bus/platform/drivers/vivid/";
        var bus = "vivid." + int.Parse(device.QueryCapability().BusInfo["platform:vivid-".Length..], CultureInfo.InvariantCulture);
        Assert.SkipUnless(Directory.Exists(Driver + bus), $"{bus} cannot be unbound here");
        var queue = device.RequestBuffers(BufferType.VideoCapture, 4);
        queue.Start();
        _ = queue.Next(device);
        using var poll = new PollSet();
        var place = poll.Add(device.Descriptor, PollEvents.In);
        try
        {
            File.WriteAllText(Driver + "unbind", bus);

            Assert.True(poll.Wait(3000));
            Assert.True((poll.Found(place) & PollEvents.Error) != 0);
            Assert.Equal(Errno.ENODEV, Assert.Throws<NativeException>(() =>
            {
                while (queue.TryDequeue(out _))
                {
                }
            }).Errno);
            Assert.Equal(Errno.ENODEV, Assert.Throws<NativeException>(device.QueryCapability).Errno);
            queue.StreamOff();
        }
        finally
        {
            queue.Dispose();
            poll.Dispose();
            device.Dispose();
            File.WriteAllText(Driver + "bind", bus);
        }
    }

    private static void Round(BufferType type)
    {
        using var device = Vivid.Open(type);
        using var queue = device.RequestBuffers(type, 2);
        queue.Start();
        if (queue.TryDequeue(out var buffer))
            queue.Queue(buffer.Index);
    }

    private static int OpenDescriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private static int VideoMappings() => File.ReadLines("/proc/self/maps").Count(line => line.Contains("/dev/video", StringComparison.Ordinal));

    private static unsafe bool IsPicture(BufferQueue queue, int index, int plane, int bytes) =>
        new ReadOnlySpan<byte>((void*)queue.Address(index, plane), bytes).ContainsAnyExcept((byte)0);
}
