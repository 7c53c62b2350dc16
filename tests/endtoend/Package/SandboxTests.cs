using static ThatDam.EndToEnd.Tests.Package.InstalledPackage;

namespace ThatDam.EndToEnd.Tests.Package;

/// <summary>What the unit forbids, tried from within it.</summary>
[Trait("bed", "guest")]
[Trait("boot", "systemd")]
[Collection<PackageBed>]
public sealed class SandboxTests : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await ResetAsync();

    public async ValueTask DisposeAsync() => await ResetAsync();

    [Theory]
    [InlineData("touch /srv/x", "Read-only file system")]
    [InlineData("touch /etc/thatdam/x", "Read-only file system")]
    [InlineData("ls /home/*; ls /root", "Permission denied")]
    [InlineData("head -c 1 /dev/ubda", "Operation not permitted|Permission denied|No such file")]
    [InlineData("head -c 1 /dev/mem", "Operation not permitted|Permission denied|No such file")]
    [InlineData("perl -e 'printf \"%d %s\\n\", syscall(9, 0, 4096, 7, 0x22, -1, 0), $!'", "-1 Operation not permitted")] // mmap, read write execute
    [InlineData("chmod u+s /var/lib/thatdam/probe", "Operation not permitted")]
    [InlineData("mount -t tmpfs none /mnt", "permitted|denied|must be superuser")]
    [InlineData("unshare -r true", "Operation not permitted")]
    public async Task It_is_refused(string what, string how) => Assert.Matches(how, await ProbeAsync(what));

    [Theory]
    [InlineData("head -c 0 /dev/video0 && echo let in")]
    [InlineData("touch /var/lib/thatdam/probe && echo let in")]
    [InlineData("touch /var/lib/thatdam/recordings/probe && rm /var/lib/thatdam/recordings/probe && echo let in")]
    public async Task It_is_let_in(string what) => Assert.Contains("let in", await ProbeAsync(what), StringComparison.Ordinal);

    [Fact]
    public async Task It_scores_as_promised()
    {
        var said = (await Command.RunAsync("systemd-analyze", "security", "--no-pager", "--threshold=15", Unit)).MustSucceed();
        TestContext.Current.TestOutputHelper?.WriteLine(said.Stdout.Trim().Split('\n')[^1]);
    }

    [Fact]
    public async Task An_output_directory_that_the_sandbox_refuses_is_told_with_the_drop_in_and_the_drop_in_helps()
    {
        (await Command.RunAsync("install", "-d", "-o", "thatdam", "-g", "thatdam", "-m", "0750", "/srv/recordings")).MustSucceed();
        await ConfigureAsync("[Recording]\nOutputDirectory=/srv/recordings\n");
        (await DamctlAsync("record", "start", "virtual:0", "--duration", "1")).MustFail(1, "/srv/recordings", "ReadWritePaths=/srv/recordings", "output-elsewhere.conf");

        await ConfigureAsync("[Recording]\nOutputDirectory=/srv/recordings\n", "[Service]\nReadWritePaths=/srv/recordings\n");
        Assert.StartsWith("/srv/recordings/", (await StartAsync("virtual:0", "--duration", "1")).File, StringComparison.Ordinal);
    }

    /// <summary>Runs a shell command within the unit's sandbox, before the daemon. Returns what it said.</summary>
    private static async Task<string> ProbeAsync(string what)
    {
        // A script, for systemd would read quotes and dollars its own way.
        await File.WriteAllTextAsync("/etc/thatdam/probe.sh", $"touch /var/lib/thatdam/probe\n{{ {what}; }} > /var/lib/thatdam/probe.said 2>&1\n");
        File.Delete("/var/lib/thatdam/probe.said");
        await ConfigureAsync("", "[Service]\nExecStartPre=-/bin/sh /etc/thatdam/probe.sh\n");
        File.Delete("/etc/thatdam/probe.sh");
        return await File.ReadAllTextAsync("/var/lib/thatdam/probe.said");
    }
}
