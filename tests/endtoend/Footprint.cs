using System.Globalization;

namespace ThatDam.EndToEnd.Tests;

/// <summary>What a daemon holds of the machine.</summary>
/// <param name="Descriptors">Open file descriptors.</param>
/// <param name="Threads">Its threads.</param>
/// <param name="Ffmpegs">Its ffmpeg processes, those that wait warm included.</param>
/// <param name="Resident_kB">Memory, VmRSS.</param>
internal sealed record Footprint(int Descriptors, int Threads, int Ffmpegs, long Resident_kB)
{
    /// <summary>As it is now.</summary>
    public static Footprint Of(Daemon daemon)
    {
        var status = File.ReadLines($"/proc/{daemon.Id}/status").Select(line => line.Split(':', 2)).ToDictionary(parts => parts[0], parts => parts[1].Trim());
        return new Footprint(Directory.GetFileSystemEntries($"/proc/{daemon.Id}/fd").Length, int.Parse(status["Threads"], CultureInfo.InvariantCulture),
            Processes.Children(daemon.Id).Count(child => child.State != 'Z'), long.Parse(status["VmRSS"].Split(' ')[0], CultureInfo.InvariantCulture));
    }

    /// <summary>Waits until it holds no more than it did, and prints both. A runtime's idle threads take 20 s to go; its heap may keep some memory.</summary>
    /// <param name="daemon">The daemon.</param>
    /// <param name="spare_kB">How much more memory is no leak.</param>
    /// <param name="output">Where to print.</param>
    public async Task MustNotHaveGrownAsync(Daemon daemon, int spare_kB, ITestOutputHelper output)
    {
        var now = Of(daemon);
        try
        {
            await Eventually.TrueAsync(() =>
            {
                now = Of(daemon);
                return now.Descriptors <= Descriptors && now.Threads <= Threads + 2 && now.Ffmpegs <= Ffmpegs && now.Resident_kB <= Resident_kB + spare_kB;
            }, "the daemon holds no more than before", 60);
        }
        catch (Xunit.Sdk.XunitException e)
        {
            Assert.Fail($"{e.Message}: before {this}, after {now}; open: {Open(daemon)}");
        }
        output.WriteLine($"before {this}; after {now}");
    }

    private static string Open(Daemon daemon) => string.Join(", ", Directory.GetFileSystemEntries($"/proc/{daemon.Id}/fd").Select(fd => new FileInfo(fd).LinkTarget)
        .GroupBy(target => target?.Split(':')[0]).Select(same => string.Create(CultureInfo.InvariantCulture, $"{same.Count()} × {same.Key}")));
}
