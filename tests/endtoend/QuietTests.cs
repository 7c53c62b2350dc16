using System.Globalization;

namespace ThatDam.EndToEnd.Tests;

/// <summary>A daemon that nobody asks anything sleeps.</summary>
public sealed class QuietTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Idle_it_wakes_up_three_times_a_second_at_most()
    {
        await using var daemon = await Daemon.StartAsync();
        await Eventually.TrueAsync(async () => (await daemon.StatusAsync()).Ffmpeg.Pool.Warm > 0, "an ffmpeg waits warm", 30);
        // What the start and the last request left to do is done when a second brings little.
        await Eventually.TrueAsync(async () => await WakeUpsAsync(daemon.Id, TimeSpan.FromSeconds(2)) is { All: <= 10 }, "it has come to rest", 60);

        var (all, threads) = await WakeUpsAsync(daemon.Id, Window);
        var rate = all / Window.TotalSeconds;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rate:F2} wake-ups a second over {Window.TotalSeconds} s: {threads}"));
        Assert.True(rate <= 3, $"{rate} wake-ups a second: {threads}");
    }

    /// <summary>How often the threads of a process left the processor by themselves in a time, each of which is a wake-up before it.</summary>
    private static async Task<(long All, string Threads)> WakeUpsAsync(int process, TimeSpan length)
    {
        var before = Read(process);
        await Task.Delay(length); // the time over which is counted
        var after = Read(process).Select(thread => (thread.Key.Name, Count: thread.Value - before.GetValueOrDefault(thread.Key))).Where(thread => thread.Count > 0).ToList();
        return (after.Sum(thread => thread.Count), string.Join(", ", after.Select(thread => $"{thread.Name} {thread.Count}")));
    }

    private static Dictionary<(string Id, string Name), long> Read(int process)
    {
        var all = new Dictionary<(string, string), long>();
        foreach (var task in Directory.GetDirectories($"/proc/{process}/task"))
        {
            try
            {
                var lines = File.ReadLines(Path.Combine(task, "status")).Select(line => line.Split(":\t", 2)).Where(parts => parts.Length == 2).ToDictionary(parts => parts[0], parts => parts[1]);
                all.Add((Path.GetFileName(task), lines["Name"]), long.Parse(lines["voluntary_ctxt_switches"], CultureInfo.InvariantCulture));
            }
            catch (IOException)
            {
                // It ended.
            }
        }
        return all;
    }
}
