using ThatDam.Agent.Capture;
using ThatDam.Agent.Piping;
using ThatDam.Contract;
using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;
using ThatDam.Native.Processes;

namespace ThatDam.Agent.Ffmpeg;

/// <summary>Tries an encoder by encoding with it, through the same command line and pipes as a recording.</summary>
internal static class EncoderProbe
{
    private const int Frames = 5;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static CaptureMode Mode { get; } = new()
    {
        Format = "YUYV",
        Width = 320,
        Height = 240,
        Stride = 640,
        FrameBytes = 640 * 240,
        IntervalNumerator = 1,
        IntervalDenominator = 30,
    };

    /// <summary>Tries it. Blocks for as long as that takes, at most a minute: half of it to take the frames, half of it to end.</summary>
    /// <remarks>Recordings go first: it takes what they leave of the processor. A stop kills it; the answer is then that it does not work.</remarks>
    /// <exception cref="ProblemException">503: ffmpeg itself does not start.</exception>
    public static EncoderStatus Try(FfmpegProgram program, FfmpegOptions options, VideoCodec codec, string encoder, TimeProvider time, CancellationToken stop)
    {
        var choice = new FormatChoice(codec, codec == VideoCodec.Ffv1 ? ContainerFormat.Mkv : ContainerFormat.Mp4);
        using var process = FfmpegProcess.Start(program, FfmpegArguments.For(EncodeSettings.For(choice, encoder, Mode, options)));
        process.YieldToOthers();
        using var stopping = stop.Register(process.Kill);
        var bytes = Feed(process, time);
        if (!process.Exited.Wait(Deadline, time))
            return new EncoderStatus(FormatRules.Word(codec), encoder, false, $"It gave no file in {Deadline.TotalSeconds:0} seconds.");
        var works = process.Exited.Result.IsSuccess && process.Progress.Frames == Frames && bytes > 0;
        return new EncoderStatus(FormatRules.Word(codec), encoder, works, works ? null : process.Log.Reason ?? $"ffmpeg {process.Exited.Result}.");
    }

    /// <summary>Its first line of <c>-version</c>; null when it does not say. Blocks until then.</summary>
    /// <exception cref="ProblemException">503: ffmpeg itself does not start.</exception>
    public static string? Version(FfmpegProgram program, TimeProvider time)
    {
        using var process = FfmpegProcess.Start(program, ["-version"]);
        process.CloseInput();
        var text = new List<byte>();
        ReadAll(process, time.GetTimestamp(), time, bytes => text.AddRange(bytes));
        return System.Text.Encoding.UTF8.GetString([.. text]).Split('\n')[0].Trim() is { Length: > 0 } line ? line : null;
    }

    private static bool Wait(this Task<ExitStatus> exited, TimeSpan deadline, TimeProvider time)
    {
        try
        {
            exited.WaitAsync(deadline, time).GetAwaiter().GetResult();
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // Writes the frames, then reads what comes of them, which fits into the pipe meanwhile; returns how many bytes came.
    private static long Feed(FfmpegProcess process, TimeProvider time)
    {
        var begun = time.GetTimestamp();
        process.Input.SetNonBlocking(true);
        using (var writable = new PollSet())
        {
            writable.Add(process.Input, PollEvents.Out);
            var stream = Stream();
            for (var written = 0; written < stream.Length && time.GetElapsedTime(begun) < Deadline;)
            {
                if (writable.Wait(1000) && !TryWrite(process, stream, ref written))
                    break;
            }
        }

        process.CloseInput();
        var total = 0L;
        ReadAll(process, begun, time, bytes => total += bytes.Length);
        return total;
    }

    private static void ReadAll(FfmpegProcess process, long begun, TimeProvider time, Action<ReadOnlySpan<byte>> take)
    {
        process.Output.SetNonBlocking(true);
        using var readable = new PollSet();
        readable.Add(process.Output, PollEvents.In);
        var buffer = new byte[64 * 1024];
        while (time.GetElapsedTime(begun) < Deadline)
        {
            var got = readable.Wait(1000) ? process.Output.TryRead(buffer) : -1;
            if (got == 0)
                return;
            if (got > 0)
                take(buffer.AsSpan(0, (int)got));
        }
    }

    // False when it has ended; its log says why.
    private static bool TryWrite(FfmpegProcess process, byte[] stream, ref int written)
    {
        try
        {
            written += (int)Math.Max(process.Input.TryWrite(stream.AsSpan(written)), 0);
            return true;
        }
        catch (NativeException gone) when (gone.Errno == Errno.EPIPE)
        {
            return false;
        }
    }

    private static byte[] Stream()
    {
        var frame = new byte[Mode.FrameBytes];
        Span<byte> header = stackalloc byte[NutStream.MaxFrameHeaderBytes];
        var stream = new List<byte>(NutStream.Header(Mode, PixelLayout.Find(Mode.Format)!.NutTag, []));
        for (var i = 0; i < Frames; i++)
        {
            frame.AsSpan().Fill((byte)(64 + (i * 16)));
            stream.AddRange(header[..NutStream.FrameHeader(header, i * 33_333, frame.Length, key: true)]);
            stream.AddRange(frame);
        }

        return [.. stream];
    }
}
