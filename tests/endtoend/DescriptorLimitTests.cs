using System.Globalization;

namespace ThatDam.EndToEnd.Tests;

/// <summary>A daemon that may not open any more files.</summary>
public sealed class DescriptorLimitTests
{
    private static readonly string[] Mode = ["--size", "640x360", "--fps", "30"];

    [Fact]
    public async Task A_recording_that_finds_no_descriptor_is_refused_in_words_and_the_next_one_is_made()
    {
        await using var daemon = await Daemon.StartAsync();
        await (await daemon.RecordAsync("virtual:0", 0.5, Mode)).MustBeWholeAsync(); // what is opened once is open now
        List<string> refusals = [];
        // The connection takes one; then each limit lets the start go a step further.
        for (var spare = 1; ; spare++)
        {
            Assert.True(spare < 60, $"no recording with {spare} descriptors to spare: {refusals.LastOrDefault()}");
            await LimitAsync(daemon, LimitFor(daemon, spare));
            var said = await daemon.DamctlAsync(["record", "start", "virtual:0", .. Mode]);
            await LimitAsync(daemon, 1024);
            if (said.ExitCode == 0)
                break;
            refusals.Add(said.Stderr);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', refusals));
        Assert.NotEmpty(refusals);
        Assert.All(refusals, refusal => Assert.Contains("Too many open files", refusal, StringComparison.Ordinal));
        Assert.All(refusals, refusal => Assert.Contains("LimitNOFILE=", refusal, StringComparison.Ordinal));
        (await daemon.DamctlAsync("record", "stop", "--all")).MustSucceed();
        await (await daemon.RecordAsync("virtual:0", 0.5, Mode)).MustBeWholeAsync();
    }

    /// <summary>The limit below which so many numbers are free.</summary>
    private static int LimitFor(Daemon daemon, int spare)
    {
        var open = Directory.GetFileSystemEntries($"/proc/{daemon.Id}/fd").Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture)).ToHashSet();
        return Enumerable.Range(0, int.MaxValue).Where(number => !open.Contains(number)).ElementAt(spare - 1) + 1;
    }

    private static async Task LimitAsync(Daemon daemon, int files) =>
        (await Command.RunAsync("prlimit", "--pid", daemon.Id.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"--nofile={files}:"))).MustSucceed();
}
