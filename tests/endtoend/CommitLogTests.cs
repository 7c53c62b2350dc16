using ThatDam.Contract.Events;

namespace ThatDam.EndToEnd.Tests;

/// <summary>What tests read of a daemon past its socket is there.</summary>
[Trait("pace", "waits")]
public sealed class CommitLogTests
{
    [Fact]
    public async Task What_a_daemon_holds_and_commits_can_be_read_while_it_runs()
    {
        await using var daemon = await Daemon.StartAsync();
        var before = Footprint.Of(daemon);
        Assert.True(before is { Descriptors: > 10, Threads: > 3, Ffmpegs: >= 0, Resident_kB: > 10_000 }, before.ToString());
        var mark = daemon.Mark();
        var asked = TimeProvider.System.GetUtcNow();
        var recording = await daemon.RecordAsync("virtual:0", 0.5, "--size", "640x360", "--fps", "30", "--codec", "mjpeg");
        var started = await daemon.CommittedAsync(mark, Topics.CaptureRecordingStarted, e => e.Text("recording_id") == recording.Id, "a start", 5);
        Assert.InRange(started.At - asked, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }
}
