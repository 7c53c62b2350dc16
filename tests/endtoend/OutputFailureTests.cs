namespace ThatDam.EndToEnd.Tests;

/// <summary>Places where nothing can be written.</summary>
public sealed class OutputFailureTests
{
    private static readonly string[] Mode = ["--size", "640x360", "--fps", "30"];

    [Fact]
    public async Task A_missing_directory()
    {
        using var folder = new TemporaryFolder();
        var output = Path.Combine(folder.Path, "not/there");
        await using var daemon = await Daemon.StartAsync(new DaemonSettings { Output = output });
        (await daemon.DamctlAsync(["record", "start", "virtual:0", .. Mode])).MustFail(1, output, "remedy");
        Assert.Contains(output, (await daemon.StatusAsync()).Output.Problem, StringComparison.Ordinal);

        // The remedy works without a restart.
        Directory.CreateDirectory(output);
        await (await daemon.RecordAsync("virtual:0", 0.5, Mode)).MustBeWholeAsync();
    }

    [Fact]
    public async Task A_directory_that_is_removed_while_the_daemon_runs()
    {
        await using var daemon = await Daemon.StartAsync();
        Directory.Delete(daemon.Output);
        (await daemon.DamctlAsync(["record", "start", "virtual:0", .. Mode])).MustFail(1, daemon.Output, "remedy");
        Assert.Single(await daemon.DevicesAsync());
    }

    [Fact]
    public async Task A_directory_that_belongs_to_somebody_else()
    {
        using var folder = new TemporaryFolder();
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0x16d /* 0555 */);
        await using var daemon = await Daemon.StartAsync(new DaemonSettings { Output = folder.Path, AsNobody = Processes.AsRoot });
        // nobody is none of the daemon's group: damctl runs as this test's user.
        (await daemon.DamctlAsync(["record", "start", "virtual:0", .. Mode])).MustFail(1, folder.Path, "permission", "remedy");
        Assert.Single(await daemon.DevicesAsync());
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0x1ed);
    }

    [Fact]
    [Trait("bed", "guest")]
    [Trait("boot", "1")]
    public async Task A_read_only_file_system()
    {
        using var folder = new TemporaryFolder();
        (await Command.RunAsync("mount", "-t", "tmpfs", "-o", "ro", "none", folder.Path)).MustSucceed();
        try
        {
            await using var daemon = await Daemon.StartAsync(new DaemonSettings { Output = folder.Path });
            (await daemon.DamctlAsync(["record", "start", "virtual:0", .. Mode])).MustFail(1, folder.Path, "read-only", "remedy");
            Assert.Contains(await daemon.DevicesAsync(), device => device.Id == "virtual:0");
        }
        finally
        {
            (await Command.RunAsync("umount", folder.Path)).MustSucceed();
        }
    }

    [Theory]
    [Trait("bed", "guest")]
    [Trait("boot", "1")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_system_that_fills_up(bool withTheState)
    {
        using var folder = new TemporaryFolder();
        (await Command.RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "none", folder.Path)).MustSucceed();
        try
        {
            await using var daemon = await Daemon.StartAsync(
                new DaemonSettings { Output = folder.Path, State = withTheState ? Path.Combine(folder.Path, "state") : null });
            // Some 1 MB/s.
            var recording = await daemon.StartRecordingAsync("virtual:0", ["--codec", "mjpeg", .. Mode]);
            await Eventually.TrueAsync(async () => (await daemon.ShowAsync(recording.Id)).State is "failed" or "stopped", "the recording ends", 60);

            recording = await daemon.ShowAsync(recording.Id);
            Assert.Equal(("failed", "disk_full"), (recording.State, recording.Reason));
            Assert.Contains(folder.Path, recording.Error, StringComparison.Ordinal);
            var full = await daemon.DamctlAsync(["record", "start", "virtual:0", "--wait", "--duration", "2s", "--codec", "mjpeg", .. Mode]);
            full.MustFail(1, folder.Path);

            // What was written before is there, and with room the daemon records again.
            Assert.True((await Video.ReadAsync(recording.File)).Frames > 0);
            foreach (var file in Directory.GetFiles(folder.Path))
                File.Delete(file);
            await (await daemon.RecordAsync("virtual:0", 0.5, Mode)).MustBeWholeAsync();
        }
        finally
        {
            (await Command.RunAsync("umount", folder.Path)).MustSucceed();
        }
    }
}
