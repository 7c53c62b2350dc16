using System.Diagnostics;
using System.Globalization;
using ThatDam.Agent.Ffmpeg;
using ThatDam.Contract;
using ThatDam.Native.Processes;

namespace ThatDam.Agent.Tests.Ffmpeg;

public sealed class FfmpegProcessTests
{
    [Theory]
    [InlineData("h264", "mp4", "YUYV", "yuv420p")]
    [InlineData("h264", "mkv", "NV12", "yuv420p")]
    [InlineData("h264", "mp4", "RGB3", "yuv420p")]
    [InlineData("h264", "mp4", "GREY", "yuv420p")]
    [InlineData("hevc", "mp4", "YUYV", "yuv420p")]
    [InlineData("hevc", "mkv", "YUYV", "yuv420p")]
    [InlineData("mjpeg", "mp4", "YUYV", "yuvj422p")]
    [InlineData("mjpeg", "mkv", "NV12", "yuvj420p")]
    [InlineData("mjpeg", "mkv", "BGR3", "yuvj422p")]
    [InlineData("ffv1", "mkv", "YUYV", "yuv422p")]
    [InlineData("ffv1", "mkv", "NV12", "yuv420p")]
    [InlineData("ffv1", "mkv", "RGB3", "bgr0")]
    public async Task Every_frame_is_in_the_file_at_its_own_time(string codec, string container, string format, string pixelFormat)
    {
        // Jitter of a third of a frame, and a gap of twelve seconds.
        var random = new Random(7);
        var times = Enumerable.Range(0, 60).Select(i => (i * 33_333L) + (i == 0 ? 0 : random.Next(-9_000, 9_000)) + (i < 40 ? 0 : 12_000_000)).ToList();
        using var process = Footage.Start(codec, container, Footage.Mode(format));

        var file = await Footage.ThroughAsync(process, Footage.Nut(Footage.Mode(format), times));

        Assert.True((await process.Exited).IsSuccess, string.Join('\n', process.Log.Lines));
        Assert.Equal(times.Count, process.Progress.Frames);
        Assert.True(process.Progress.Ended);
        var found = await ProbeAsync(file);
        Assert.Equal(pixelFormat, found.PixelFormat);
        Assert.Equal(times.Count, found.Times_us.Count);
        var mean = found.Times_us.Zip(times, (was, wanted) => Math.Abs(was - wanted)).Average();
        Assert.InRange(mean, 0, container == "mp4" ? 0 : 500); // Matroska counts milliseconds
    }

    [Theory]
    [InlineData("mp4")]
    [InlineData("mkv")]
    public async Task A_copy_keeps_every_JPEG_as_it_was(string container)
    {
        var jpegs = await JpegsAsync(20);
        var mode = Footage.Mode("MJPG");
        using var process = Footage.Start("copy", container, mode);

        var file = await Footage.ThroughAsync(process, Footage.Nut(mode, [.. Enumerable.Range(0, 20).Select(i => i * 40_000L)], jpegs));

        Assert.True((await process.Exited).IsSuccess, string.Join('\n', process.Log.Lines));
        Assert.Equal(20, process.Progress.Frames);
        var stored = await RunAsync("ffmpeg", "-v error -i pipe:0 -c copy -f image2pipe pipe:1", file);
        Assert.Equal(jpegs.SelectMany(jpeg => jpeg), stored);
    }

    [Fact]
    public async Task The_first_fragment_comes_within_a_second_and_a_half_of_video()
    {
        using var process = Footage.Start("h264", "mp4", Footage.Mode("YUYV"));
        var nut = Footage.Nut(Footage.Mode("YUYV"), [.. Enumerable.Range(0, 45).Select(i => i * 33_333L)]);
        var writing = Task.Run(() => Footage.Write(process, nut), TestContext.Current.CancellationToken); // a fragment can be larger than the output pipe

        // No end of the stream: what comes out now came out by itself.
        var file = new List<byte>();
        var buffer = new byte[64 * 1024];
        while (!Contains(file, "moof") || !Contains(file, "mdat"))
            file.AddRange(buffer.AsSpan(0, (int)process.Output.TryRead(buffer)));

        Assert.False(process.Exited.IsCompleted);
        process.Kill();
        await writing;
    }

    [Fact]
    public async Task A_bitrate_is_held_whatever_the_rate_of_the_camera()
    {
        foreach (var fps in new[] { 15, 60 })
        {
            var mode = Footage.Mode("YUYV", fps);
            using var process = Footage.Start("h264", "mp4", mode, bitrate: 500_000);

            var file = await Footage.ThroughAsync(process, Footage.Nut(mode, [.. Enumerable.Range(0, fps * 4).Select(i => i * 1_000_000L / fps)]));

            Assert.InRange(file.Length * 8 / 4, 350_000, 750_000);
        }
    }

    [Fact]
    public async Task The_end_of_its_input_ends_it_with_a_whole_file()
    {
        var mode = Footage.Mode("YUYV");
        using var process = Footage.Start("mjpeg", "mkv", mode);
        Footage.Write(process, Footage.Nut(mode, [0, 33_333, 66_666]));
        var reading = Task.Run(() => Footage.ReadAll(process), TestContext.Current.CancellationToken);

        var status = await process.StopAsync(StopDeadlines.Patient, TimeProvider.System);

        Assert.Equal(0, status.Code);
        Assert.Equal(3, process.Progress.Frames);
        Assert.NotEmpty(await reading);
    }

    [Fact]
    public async Task One_that_does_not_hear_is_interrupted_and_then_killed()
    {
        using var folder = new TemporaryDirectory();
        using var deaf = FfmpegProcess.Start(Script(folder, "trap '' INT; echo '[warning] deaf' >&2; exec sleep 60"), []);
        await Footage.UntilAsync(() => deaf.Log.Lines.Count > 0);

        var status = await deaf.StopAsync(new StopDeadlines(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50)), TimeProvider.System);

        Assert.Equal(Signal.SIGKILL, status.Signal);

        using var sleepy = FfmpegProcess.Start(Script(folder, "echo '[warning] sleepy' >&2; exec sleep 60"), []);
        await Footage.UntilAsync(() => sleepy.Log.Lines.Count > 0);
        status = await sleepy.StopAsync(new StopDeadlines(TimeSpan.FromMilliseconds(50), Footage.Deadline), TimeProvider.System);

        Assert.Equal(Signal.SIGINT, status.Signal);
    }

    [Fact]
    public async Task Its_words_are_kept_and_the_reason_is_among_them()
    {
        using var process = FfmpegProcess.Start(Footage.Program, ["-hide_banner", "-loglevel", "level+warning", "-f", "nut", "-i", "pipe:0", "-f", "null", "-"]);
        Footage.Write(process, "this is no NUT stream"u8.ToArray());
        process.CloseInput();

        var status = await process.Exited.WaitAsync(Footage.Deadline, TestContext.Current.CancellationToken);

        Assert.False(status.IsSuccess);
        Assert.Contains(process.Log.Lines, line => line.Contains("[error]", StringComparison.Ordinal));
        Assert.DoesNotContain("0x", process.Log.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("[error]", process.Log.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_flood_of_words_the_last_hundred_lines_are_kept()
    {
        using var folder = new TemporaryDirectory();
        using var process = FfmpegProcess.Start(Script(folder, "i=0; while [ $i -lt 3000 ]; do echo line $i >&2; i=$((i+1)); done"), []);

        await process.Exited.WaitAsync(Footage.Deadline, TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(2900, 100).Select(i => $"line {i}"), process.Log.Lines);
    }

    [Fact]
    public async Task A_disposed_one_is_gone()
    {
        var process = Footage.Start("h264", "mp4", Footage.Mode("YUYV"));
        Assert.True(Directory.Exists($"/proc/{process.Id}"));

        process.Dispose();

        Assert.False(Directory.Exists($"/proc/{process.Id}"));
        Assert.Equal(Signal.SIGKILL, (await process.Exited).Signal);
    }

    [Fact]
    public void One_that_is_not_there_is_a_problem_with_a_remedy()
    {
        var missing = Assert.Throws<ProblemException>(() => FfmpegProgram.Find(new FfmpegOptions { Path = "/nowhere/ffmpeg" })).Problem;
        var unknown = Assert.Throws<ProblemException>(() => FfmpegProgram.Find(new FfmpegOptions { Path = "no-such-ffmpeg" })).Problem;
        using var folder = new TemporaryDirectory();
        var broken = Script(folder, "", interpreter: "/nowhere/sh");
        var notStarted = Assert.Throws<ProblemException>(() => FfmpegProcess.Start(broken, [])).Problem;

        Assert.Equal((503, "ffmpeg_missing"), (missing.Status, missing.Code));
        Assert.Contains("/nowhere/ffmpeg", missing.Detail, StringComparison.Ordinal);
        Assert.Contains("Install ffmpeg", missing.Remedy, StringComparison.Ordinal);
        Assert.Contains("in PATH", unknown.Detail, StringComparison.Ordinal);
        Assert.Equal((503, "ffmpeg_not_started"), (notStarted.Status, notStarted.Code));
    }

    internal static FfmpegProgram Script(TemporaryDirectory folder, string body, string interpreter = "/bin/sh")
    {
        var path = folder.Write("ffmpeg", $"#!{interpreter}\n{body}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return FfmpegProgram.Find(new FfmpegOptions { Path = path });
    }

    private static bool Contains(List<byte> file, string box) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(file).IndexOf(System.Text.Encoding.ASCII.GetBytes(box)) >= 0;

    private static async Task<List<byte[]>> JpegsAsync(int count)
    {
        var all = await RunAsync("ffmpeg", $"-v error -f lavfi -i testsrc2=s={Footage.Width}x{Footage.Height} -frames:v {count} -pix_fmt yuvj422p -c:v mjpeg -f image2pipe pipe:1", []);
        var jpegs = new List<byte[]>();
        for (var start = 0; start < all.Length;)
        {
            var end = start + all.AsSpan(start).IndexOf((ReadOnlySpan<byte>)[0xff, 0xd9]) + 2;
            jpegs.Add(all[start..end]);
            start = end;
        }

        return jpegs;
    }

    private static async Task<(string PixelFormat, List<long> Times_us)> ProbeAsync(byte[] file)
    {
        using var folder = new TemporaryDirectory();
        await File.WriteAllBytesAsync(folder["file"], file, TestContext.Current.CancellationToken);
        Assert.Empty(await RunAsync("ffmpeg", $"-v error -i {folder["file"]} -fps_mode passthrough -enc_time_base -1 -f null -", [], errors: true)); // every picture decodes
        var text = System.Text.Encoding.ASCII.GetString(
            await RunAsync("ffprobe", $"-v error -show_entries stream=pix_fmt:packet=pts_time -of csv {folder["file"]}", []));
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToList();
        var times = lines.Where(line => line[0] == "packet").Select(line => (long)Math.Round(double.Parse(line[1], CultureInfo.InvariantCulture) * 1e6));
        return (lines.First(line => line[0] == "stream")[1], [.. times.Order()]);
    }

    private static async Task<byte[]> RunAsync(string program, string arguments, byte[] input, bool errors = false)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        var reading = Task.WhenAll(process.StandardOutput.BaseStream.CopyToAsync(output), process.StandardError.BaseStream.CopyToAsync(error));
        await process.StandardInput.BaseStream.WriteAsync(input, TestContext.Current.CancellationToken);
        process.StandardInput.Close();
        await reading.WaitAsync(Footage.Deadline, TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, System.Text.Encoding.UTF8.GetString(error.ToArray()));
        return (errors ? error : output).ToArray();
    }
}
