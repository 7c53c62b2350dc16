using System.Diagnostics;
using ThatDam.Native.Descriptors;
using ThatDam.Native.V4L2;

namespace ThatDam.Native.Tests.V4L2;

/// <summary>The kernel's virtual video devices, where they are loaded: in the test bed.</summary>
internal static class Vivid
{
    /// <summary>Its inputs in their order, by vivid's default <c>input_types</c>.</summary>
    public const uint Webcam = 0;

    public const uint Hdmi = 3;

    /// <summary>Opens one that captures by one API, on its webcam input at 320x180 YUYV; skips the test when there is none.</summary>
    public static VideoDevice Open(BufferType type)
    {
        var path = Path(type);
        Assert.SkipWhen(path is null, $"no vivid node with {type} here: the test bed has them");
        var device = VideoDevice.Open(path!);
        device.SetInput(Webcam);
        var format = device.SetFormat(type, new VideoFormat { Width = 320, Height = 180, PixelFormat = PixelFormats.YUYV });
        Assert.Equal((320u, 180u, PixelFormats.YUYV), (format.Width, format.Height, format.PixelFormat));
        return device;
    }

    /// <summary>One control by a part of its name.</summary>
    public static VideoControl Control(this VideoDevice device, string name) =>
        device.EnumerateControls().First(control => control.Name.Contains(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The next buffer, within three seconds.</summary>
    public static VideoBuffer Next(this BufferQueue queue, VideoDevice device)
    {
        using var poll = new PollSet();
        poll.Add(device.Descriptor, PollEvents.In);
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < TimeSpan.FromSeconds(3))
        {
            if (queue.TryDequeue(out var buffer))
                return buffer;
            poll.Wait(3000);
        }

        Assert.Fail("no frame in three seconds");
        return default;
    }

    /// <summary>Queues every buffer and starts.</summary>
    public static void Start(this BufferQueue queue)
    {
        for (var i = 0; i < queue.Count; i++)
            queue.Queue(i);
        queue.StreamOn();
    }

    private static string? Path(BufferType type)
    {
        var wanted = type == BufferType.VideoCapture ? VideoCapabilities.VideoCapture : VideoCapabilities.VideoCaptureMplane;
        return Directory.GetFiles("/dev", "video*").Order(StringComparer.Ordinal).FirstOrDefault(path =>
        {
            using var device = VideoDevice.Open(path);
            var capability = device.QueryCapability();
            return capability.Driver == "vivid" && capability.DeviceCaps.HasFlag(wanted);
        });
    }
}
