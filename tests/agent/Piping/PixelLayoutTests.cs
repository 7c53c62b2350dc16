using System.Diagnostics;
using ThatDam.Agent.Capture;
using ThatDam.Agent.Piping;

namespace ThatDam.Agent.Tests.Piping;

public sealed class PixelLayoutTests
{
    private const int Width = 36;
    private const int Height = 20;

    public static TheoryData<string, string> Formats => new()
    {
        { "YUYV", "yuyv422" }, { "UYVY", "uyvy422" }, { "YVYU", "yvyu422" }, { "422P", "yuv422p" }, { "411P", "yuv411p" },
        { "YU12", "yuv420p" }, { "YV12", "yuv420p" }, { "NV12", "nv12" }, { "NV21", "nv21" }, { "YUV9", "yuv410p" }, { "YVU9", "yuv410p" },
        { "GREY", "gray" }, { "Y10 ", "gray10le" }, { "Y12 ", "gray12le" }, { "Y16 ", "gray16le" },
        { "RGB3", "rgb24" }, { "BGR3", "bgr24" }, { "RGBP", "rgb565le" }, { "RGBR", "rgb565be" },
        { "RGBO", "rgb555le" }, { "XR15", "rgb555le" }, { "AR15", "rgb555le" }, { "RGBQ", "rgb555be" },
        { "R444", "rgb444le" }, { "XR12", "rgb444le" }, { "AR12", "rgb444le" },
        { "XR24", "bgr0" }, { "AR24", "bgr0" }, { "BGR4", "bgr0" }, { "BX24", "0rgb" }, { "BA24", "0rgb" }, { "RGB4", "0rgb" },
        { "XB24", "rgb0" }, { "AB24", "rgb0" }, { "RX24", "0bgr" }, { "RA24", "0bgr" },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Ffmpeg_reads_each_raw_format_as_what_it_is_with_every_byte_of_a_frame(string fourcc, string pixelFormat)
    {
        var layout = PixelLayout.Find(fourcc)!;
        var frame = new byte[layout.FrameBytes(Width, Height)];
        new Random(1).NextBytes(frame);
        var mode = new CaptureMode
        {
            Format = fourcc,
            Width = Width,
            Height = Height,
            Stride = layout.PackedStride(Width),
            FrameBytes = frame.Length,
            IntervalNumerator = 1,
            IntervalDenominator = 30,
        };
        Span<byte> header = stackalloc byte[NutStream.MaxFrameHeaderBytes];
        byte[] nut = [.. NutStream.Header(mode, layout.NutTag, []), .. header[..NutStream.FrameHeader(header, 0, frame.Length, key: true)], .. frame];

        var found = Pipe("ffprobe", "-v error -f nut -i pipe:0 -show_entries stream=pix_fmt,width,height -of csv=p=0", nut);
        Assert.Equal($"{Width},{Height},{pixelFormat}", System.Text.Encoding.ASCII.GetString(found).Trim());
        // The swapped forms are read by their tag, and their planes then lie as the pixel format has them.
        if (fourcc is not ("YV12" or "YVU9"))
            Assert.Equal(frame, Pipe("ffmpeg", "-v error -f nut -i pipe:0 -f rawvideo pipe:1", nut));
    }

    [Fact]
    public void The_swapped_chroma_planes_of_YV12_are_read_in_their_order()
    {
        var layout = PixelLayout.Find("YV12")!;
        var mode = new CaptureMode
        {
            Format = "YV12",
            Width = 16,
            Height = 16,
            Stride = 16,
            FrameBytes = 384,
            IntervalNumerator = 1,
            IntervalDenominator = 30,
        };
        byte[] frame = [.. Enumerable.Repeat((byte)1, 256), .. Enumerable.Repeat((byte)2, 64), .. Enumerable.Repeat((byte)3, 64)];
        Span<byte> header = stackalloc byte[NutStream.MaxFrameHeaderBytes];
        byte[] nut = [.. NutStream.Header(mode, layout.NutTag, []), .. header[..NutStream.FrameHeader(header, 0, frame.Length, key: true)], .. frame];

        var read = Pipe("ffmpeg", "-v error -f nut -i pipe:0 -f rawvideo pipe:1", nut);

        Assert.Equal([1, 3, 2], [read[0], read[256], read[320]]);
    }

    [Fact]
    public void Every_raw_format_is_covered_here() =>
        Assert.Equal(
            PixelLayout.Fourccs.Where(fourcc => !PixelLayout.Find(fourcc)!.IsCompressed).Order(),
            Formats.Select(row => row.Data.Item1).Order());

    private static byte[] Pipe(string program, string arguments, byte[] input)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output);
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        reading.Wait();
        Assert.True(process.ExitCode == 0, error.Result);
        return output.ToArray();
    }
}
