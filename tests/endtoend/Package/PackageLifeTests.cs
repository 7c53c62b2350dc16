using ThatDam.Contract;
using static ThatDam.EndToEnd.Tests.Package.InstalledPackage;

namespace ThatDam.EndToEnd.Tests.Package;

/// <summary>Upgrade, removal, purge.</summary>
[Trait("bed", "guest")]
[Trait("boot", "systemd")]
[Collection<PackageBed>]
public sealed class PackageLifeTests : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await ResetAsync();

    public async ValueTask DisposeAsync() => await ResetAsync();

    [Fact]
    public async Task An_upgrade_keeps_the_configuration_and_recordings_go_on()
    {
        using var folder = new TemporaryFolder();
        var next = await NextVersionAsync(folder.Path);
        await File.AppendAllTextAsync("/etc/thatdam/capture.conf", "\n# mine\n");
        await ConfigureAsync("[Recording]\nResumeWithin=2min\n");
        var started = await StartAsync("/dev/video0", "--label", "take");

        await InstallAsync(next);

        Assert.Contains("+next", (await Command.RunAsync("dpkg-query", "-W", "-f", "${Version}", "thatdam-capture")).MustSucceed().Stdout, StringComparison.Ordinal);
        Assert.EndsWith("# mine\n", await File.ReadAllTextAsync("/etc/thatdam/capture.conf"), StringComparison.Ordinal);
        IReadOnlyList<Recording> after = [];
        await Eventually.TrueAsync(async () => (after = (await JsonAsync(ContractJson.Default.RecordingList, "record", "list", "--active")).Recordings) is [{ State: "recording" }], "it records again", 60);
        var before = await ShowAsync(started.Id);
        Assert.Equal((started.Id, "take", started.StableId), (after[0].Continues, after[0].Label, after[0].StableId));
        Assert.Equal(("stopped", "shutdown"), (before.State, before.Reason));
        await MustPlayAsync(before);
        TestContext.Current.TestOutputHelper?.WriteLine($"gap: {(after[0].Started - before.Stopped!.Value).TotalSeconds:0.00} s from the last file's end to the next start");
        (await DamctlAsync("record", "stop", "--all")).MustSucceed();
        await MustPlayAsync(await ShowAsync(after[0].Id));
        await InstallAsync(Deb);
    }

    [Fact]
    public async Task Removal_makes_recordings_final_and_purge_leaves_them()
    {
        var started = await StartAsync("virtual:0");
        (await Command.RunAsync("apt-get", "remove", "-y", "thatdam-capture")).MustSucceed();
        Assert.False(File.Exists("/usr/bin/damctl"));
        Assert.True(File.Exists("/etc/thatdam/capture.conf"));
        Assert.DoesNotContain(Processes.All(), process => process.Name is "ffmpeg" or "thatdam-capture");
        await MustPlayAsync(started with { State = "stopped" });

        Unconfigure(); // what an administrator has put there is not the package's
        (await Command.RunAsync("apt-get", "purge", "-y", "thatdam-capture")).MustSucceed();
        Assert.True(File.Exists(started.File));
        Assert.False(Directory.Exists("/etc/thatdam"));
        Assert.False(File.Exists("/var/lib/thatdam/state.db"));
        (await Command.RunAsync("id", "thatdam")).MustSucceed(); // who owns them
        Assert.Equal("", (await Command.RunAsync("systemctl", "list-unit-files", "--no-legend", "thatdam*")).Stdout.Trim());

        await InstallAsync(Deb);
        Assert.Empty((await JsonAsync(ContractJson.Default.RecordingList, "record", "list")).Recordings);
    }

    private static async Task<string> NextVersionAsync(string folder)
    {
        (await Command.RunAsync("dpkg-deb", "-R", Deb, folder + "/tree")).MustSucceed();
        var control = folder + "/tree/DEBIAN/control";
        await File.WriteAllTextAsync(control, string.Join('\n', (await File.ReadAllLinesAsync(control)).Select(line => line.StartsWith("Version:", StringComparison.Ordinal) ? line + "+next" : line)) + "\n");
        (await Command.RunAsync("dpkg-deb", "-Znone", "-b", folder + "/tree", folder + "/next.deb")).MustSucceed();
        return folder + "/next.deb";
    }
}
