using System.Globalization;
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

    // A restart for each would take minutes.
    private static readonly (string What, string How)[] Refused =
    [
        ("touch /srv/x", "Read-only file system"),
        ("touch /etc/thatdam/x", "Read-only file system|Permission denied"),
        ("ls /home/*", "Permission denied|cannot access"),
        ("ls /root", "Permission denied"),
        ("head -c 1 /dev/probe", "Operation not permitted"), // a disk whose rights would let everyone in
        ("mknod /var/lib/thatdam/node b 98 0", "Operation not permitted"),
        ("perl -e 'printf \"%d %s\\n\", syscall(9, 0, 4096, 7, 0x22, -1, 0), $!'", "-1 Operation not permitted"), // mmap: read, write, execute
        ("perl -e 'printf \"%d\\n\", syscall(9, 0, 4096, 3, 0x22, -1, 0)'", "^[1-9]"), // read, write: that perl line is right
        ("chmod u+s /var/lib/thatdam/probe.sh", "Operation not permitted"),
        ("mount -t tmpfs none /mnt", "permitted|denied|must be superuser"),
        ("unshare -r true", "Operation not permitted"),
        ("head -c 0 /dev/video0 && echo let in", "let in"),
        ("touch /var/lib/thatdam/recordings/probe && rm /var/lib/thatdam/recordings/probe && echo let in", "let in"),
    ];

    [Fact]
    public async Task What_it_needs_not_is_refused_and_what_it_needs_is_let_in()
    {
        await File.WriteAllTextAsync("/etc/thatdam/probe.sh", "cp /etc/thatdam/probe.sh /var/lib/thatdam/probe.sh\n"
            + string.Concat(Refused.Select((probe, i) => string.Create(CultureInfo.InvariantCulture, $"{{ {probe.What}; }} > /var/lib/thatdam/probe.{i} 2>&1\n"))));
        (await Command.RunAsync("mknod", "-m", "0666", "/dev/probe", "b", "98", "0")).MustSucceed();
        // A script, for systemd would read quotes and dollars its own way.
        await ConfigureAsync("", "[Service]\nExecStartPre=-/bin/sh /etc/thatdam/probe.sh\n");
        File.Delete("/etc/thatdam/probe.sh");
        File.Delete("/dev/probe");

        for (var i = 0; i < Refused.Length; i++)
        {
            var said = (await File.ReadAllTextAsync(string.Create(CultureInfo.InvariantCulture, $"/var/lib/thatdam/probe.{i}"))).Trim();
            TestContext.Current.TestOutputHelper?.WriteLine($"{Refused[i].What} → {said}");
            Assert.Matches(Refused[i].How, said);
        }
        foreach (var file in Directory.GetFiles("/var/lib/thatdam", "probe*"))
            File.Delete(file);
    }

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
}
