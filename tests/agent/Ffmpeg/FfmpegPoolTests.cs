using Microsoft.Extensions.Logging.Abstractions;
using ThatDam.Agent.Ffmpeg;
using ThatDam.Contract;

namespace ThatDam.Agent.Tests.Ffmpeg;

public sealed class FfmpegPoolTests
{
    private static readonly IReadOnlyList<string> Mjpeg = CommandLine("mjpeg", "mkv");
    private static readonly IReadOnlyList<string> Ffv1 = CommandLine("ffv1", "mkv");

    [Fact]
    public async Task A_warm_command_line_is_taken_warm_and_replaced_and_any_other_starts_cold()
    {
        await using var pool = Pool();
        pool.SetWarm([Mjpeg]);
        await Footage.UntilAsync(() => pool.Status().Warm == 1);

        using var warm = pool.Take(Mjpeg, out var first);
        using var second = pool.Take(Ffv1, out var cold);

        Assert.True(first);
        Assert.False(cold);
        Assert.Equal((1, 1), (pool.Status().Hits, pool.Status().Misses));
        var mode = Footage.Mode("YUYV");
        Assert.NotEmpty(await Footage.ThroughAsync(warm, Footage.Nut(mode, [0, 33_333])));
        Assert.Equal(2, warm.Progress.Frames);
        await Footage.UntilAsync(() => pool.Status().Warm == 1);
        using var next = pool.Take(Mjpeg, out var again);
        Assert.True(again);
        Assert.NotEqual(warm.Id, next.Id);
    }

    [Fact]
    public async Task One_that_ends_while_it_waits_is_replaced_and_counted()
    {
        await using var pool = Pool();
        pool.SetWarm([Mjpeg]);
        await Footage.UntilAsync(() => pool.Status().Warm == 1);
        using (var taken = pool.Take(Mjpeg, out _))
        {
            await Footage.UntilAsync(() => pool.Status().Warm == 1);
        }

        var victim = Waiting();
        _ = Tmds.Linux.LibC.kill(victim, Tmds.Linux.LibC.SIGKILL);
        await Footage.UntilAsync(() => pool.Ended == 1);
        await Footage.UntilAsync(() => pool.Status().Warm == 1);

        using var replacement = pool.Take(Mjpeg, out var warm);
        Assert.True(warm);
        Assert.NotEqual(victim, replacement.Id);
    }

    [Fact]
    public async Task Size_zero_keeps_none()
    {
        await using var pool = Pool(size: 0);
        pool.SetWarm([Mjpeg]);

        using var process = pool.Take(Mjpeg, out var warm);

        Assert.False(warm);
        Assert.Equal(new PoolStatus { Size = 0, Warm = 0, Hits = 0, Misses = 1 }, pool.Status());
    }

    [Fact]
    public async Task Those_no_longer_named_and_those_left_at_the_end_are_ended()
    {
        int kept, dropped;
        await using (var pool = Pool())
        {
            pool.SetWarm([Mjpeg]);
            await Footage.UntilAsync(() => pool.Status().Warm == 1);
            dropped = Waiting();
            pool.SetWarm([Ffv1]);
            Assert.False(Directory.Exists($"/proc/{dropped}"));
            await Footage.UntilAsync(() => pool.Status().Warm == 1);
            kept = Waiting();
            Assert.Contains("ffv1", File.ReadAllText($"/proc/{kept}/cmdline"), StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists($"/proc/{kept}"));
    }

    [Fact]
    public async Task Without_ffmpeg_taking_one_says_so_and_the_pool_lives_on()
    {
        await using var pool = new FfmpegPool(
            new FfmpegOptions { Path = "/nowhere/ffmpeg" }, TimeProvider.System, NullLogger<FfmpegPool>.Instance);
        pool.SetWarm([Mjpeg]);

        Assert.Equal("ffmpeg_missing", Assert.Throws<ProblemException>(() => pool.Take(Mjpeg, out _)).Problem.Code);
        Assert.Equal(0, pool.Status().Warm);
    }

    private static FfmpegPool Pool(int size = 1) =>
        new(new FfmpegOptions { PoolSize = size }, TimeProvider.System, NullLogger<FfmpegPool>.Instance);

    private static IReadOnlyList<string> CommandLine(string codec, string container)
    {
        // A thread count of its own, so that Waiting finds the processes of this class.
        var options = new FfmpegOptions { Threads = 7 };
        return FfmpegArguments.For(EncodeSettings.For(FormatRules.Choose(codec, container, "YUYV"), codec, Footage.Mode("YUYV"), options));
    }

    // The ffmpeg of this class that waits; one at a time runs.
    private static int Waiting() => Directory.GetDirectories("/proc")
        .Where(entry => int.TryParse(Path.GetFileName(entry), out _))
        .Where(entry => Read(entry + "/cmdline").Contains("-threads\07\0", StringComparison.Ordinal)
            && Parent(Read(entry + "/stat")) == Environment.ProcessId)
        .Select(entry => int.Parse(Path.GetFileName(entry), null))
        .Single();

    // proc_pid_stat(5): "pid (name) state ppid …"; one that has just been started may be in any state.
    private static int Parent(string stat) => stat.Length == 0 ? 0 : int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], null);

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return ""; // it ended
        }
    }
}
