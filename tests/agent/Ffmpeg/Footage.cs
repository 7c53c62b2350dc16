using ThatDam.Agent.Capture;
using ThatDam.Agent.Ffmpeg;
using ThatDam.Agent.Piping;
using ThatDam.Native.Errors;

namespace ThatDam.Agent.Tests.Ffmpeg;

/// <summary>Frames as a camera gives them, put through an ffmpeg.</summary>
internal static class Footage
{
    public const int Width = 320;
    public const int Height = 180;

    public static TimeSpan Deadline { get; } = TimeSpan.FromSeconds(60);

    public static FfmpegProgram Program { get; } = FfmpegProgram.Find(new FfmpegOptions());

    public static CaptureMode Mode(string format, double fps = 30) => new()
    {
        Format = format,
        Width = Width,
        Height = Height,
        Stride = PixelLayout.Find(format)!.PackedStride(Width),
        FrameBytes = PixelLayout.Find(format)!.FrameBytes(Width, Height),
        IntervalNumerator = 100,
        IntervalDenominator = (int)Math.Round(fps * 100),
    };

    /// <summary>A NUT stream of raw frames of noise, or of the payloads given, each with its time.</summary>
    public static byte[] Nut(CaptureMode mode, IReadOnlyList<long> times_us, IReadOnlyList<byte[]>? payloads = null)
    {
        var layout = PixelLayout.Find(mode.Format)!;
        var random = new Random(1);
        Span<byte> header = stackalloc byte[NutStream.MaxFrameHeaderBytes];
        using var stream = new MemoryStream();
        stream.Write(NutStream.Header(mode, layout.NutTag, []));
        for (var i = 0; i < times_us.Count; i++)
        {
            var frame = payloads?[i] ?? new byte[mode.FrameBytes];
            if (payloads is null)
                random.NextBytes(frame.AsSpan(0, frame.Length / 4));
            stream.Write(header[..NutStream.FrameHeader(header, times_us[i], frame.Length, key: true)]);
            stream.Write(frame);
        }

        return stream.ToArray();
    }

    /// <summary>Puts a stream into a process and gives what comes out, until it ends by itself.</summary>
    public static async Task<byte[]> ThroughAsync(FfmpegProcess process, byte[] nut)
    {
        var reading = Task.Run(() => ReadAll(process), TestContext.Current.CancellationToken);
        await Task.Run(() => Write(process, nut), TestContext.Current.CancellationToken);
        process.CloseInput();
        var file = await reading.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        await process.Exited.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        return file;
    }

    public static void Write(FfmpegProcess process, byte[] nut)
    {
        try
        {
            for (var written = 0; written < nut.Length;)
                written += (int)process.Input.TryWrite(nut.AsSpan(written));
        }
        catch (NativeException ended) when (ended.Errno == Errno.EPIPE)
        {
        }
    }

    public static byte[] ReadAll(FfmpegProcess process)
    {
        using var file = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (var got = process.Output.TryRead(buffer); got > 0; got = process.Output.TryRead(buffer))
            file.Write(buffer, 0, (int)got);
        return file.ToArray();
    }

    /// <summary>Waits for something that comes about by itself.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        while (!condition())
            await Task.Delay(10, deadline.Token);
    }

    public static FfmpegProcess Start(string codec, string container, CaptureMode mode, int? bitrate = null)
    {
        var choice = FormatRules.Choose(codec, container, mode.Format);
        var encoder = choice.Codec switch
        {
            VideoCodec.H264 => "libx264",
            VideoCodec.Hevc => "libx265",
            VideoCodec.Mjpeg => "mjpeg",
            _ => "ffv1",
        };
        return FfmpegProcess.Start(Program, FfmpegArguments.For(EncodeSettings.For(choice, encoder, mode, new FfmpegOptions(), bitrate)));
    }
}
