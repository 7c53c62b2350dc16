using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ThatDam.Contract;

namespace ThatDam.EndToEnd.Tests.Package;

/// <summary>
/// The Debian package in a machine with systemd, and its unit. Each test finds it installed, running and configured as it comes, with two
/// virtual cameras; and puts back what it changes. Needs the variable THATDAM_DEB, the package's path.
/// </summary>
public sealed class InstalledPackage : IAsyncLifetime
{
    private const string Conf = "/etc/thatdam/capture.conf.d/test.conf";
    private const string FirstConf = "/etc/thatdam/capture.conf.d/00-test.conf";
    private const string DropIn = "/etc/systemd/system/thatdam-capture.service.d/test.conf";

    private static bool s_isChanged = true;

    /// <summary>The unit.</summary>
    public const string Unit = "thatdam-capture.service";

    /// <summary>The package.</summary>
    public static string Deb => Environment.GetEnvironmentVariable("THATDAM_DEB") ?? throw new InvalidOperationException("THATDAM_DEB names no package; packaging/build-deb.sh makes one");

    /// <summary>The audit log.</summary>
    public static string AuditLog => File.ReadAllText("/var/lib/thatdam/audit.log");

    public async ValueTask InitializeAsync() => await ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Installs it where it is not, and brings it back to how it comes; a restart is dear in the test bed, so none without a reason.</summary>
    internal static async Task ResetAsync()
    {
        if (!File.Exists("/usr/bin/damctl"))
        {
            await InstallAsync(Deb);
            s_isChanged = true;
        }
        File.Delete("/etc/thatdam/broker-password");
        await DamctlAsync("record", "stop", "--all"); // what a test that failed has left
        if (s_isChanged || await PropertyAsync("ActiveState") != "active")
            await ConfigureAsync("");
        s_isChanged = false;
    }

    /// <summary>Installs or upgrades, as an administrator does.</summary>
    internal static async Task InstallAsync(string deb) =>
        (await Command.RunAsync("apt-get", ["install", "-y", "--allow-downgrades", deb], new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive" })).MustSucceed();

    /// <summary>Configures it, with two virtual cameras, and restarts it.</summary>
    internal static async Task ConfigureAsync(string text, string dropIn = "")
    {
        await WriteAsync(text);
        Directory.CreateDirectory(Path.GetDirectoryName(DropIn)!);
        await File.WriteAllTextAsync(DropIn, dropIn);
        await SystemctlAsync("daemon-reload");
        await RestartAsync();
    }

    /// <summary>Writes its configuration, with two virtual cameras.</summary>
    internal static Task WriteAsync(string text)
    {
        s_isChanged = true;
        File.WriteAllText(FirstConf, "[VirtualCameras]\nCount=2\n[Recording]\nResumeWithin=0\n"); // a test that wants it says so
        return File.WriteAllTextAsync(Conf, text);
    }

    /// <summary>Takes its configuration away.</summary>
    internal static void Unconfigure()
    {
        s_isChanged = true;
        File.Delete(FirstConf);
        File.Delete(Conf);
        foreach (var left in Directory.GetFiles("/etc/thatdam", "*.pem").Concat(Directory.GetFiles("/etc/thatdam", "*.key")))
            File.Delete(left); // of a test of TLS
    }

    /// <summary>Writes a drop-in that the next start takes, and no later one.</summary>
    internal static async Task RestartOnceWithAsync(string dropIn)
    {
        await File.WriteAllTextAsync(DropIn, dropIn);
        await SystemctlAsync("daemon-reload");
        await RestartAsync();
        File.Delete(DropIn);
        await SystemctlAsync("daemon-reload");
    }

    /// <summary>Restarts it; it is ready when this ends.</summary>
    internal static async Task RestartAsync()
    {
        await Command.RunAsync("systemctl", "reset-failed", Unit);
        await SystemctlAsync("restart", Unit);
    }

    internal static async Task<Said> SystemctlAsync(params string[] arguments) => (await Command.RunAsync("systemctl", arguments)).MustSucceed();

    /// <summary>A property of the unit.</summary>
    internal static async Task<string> PropertyAsync(string name) => (await SystemctlAsync("show", "--value", "-p", name, Unit)).Stdout.Trim();

    /// <summary>Its process.</summary>
    internal static async Task<int> PidAsync() => int.Parse(await PropertyAsync("MainPID"), CultureInfo.InvariantCulture);

    /// <summary>damctl, as root.</summary>
    internal static Task<Said> DamctlAsync(params string[] arguments) => Command.RunAsync("damctl", arguments);

    /// <summary>damctl, as somebody else.</summary>
    internal static Task<Said> DamctlAsAsync(string user, params string[] arguments) => Command.RunAsync("runuser", ["-u", user, "--", "damctl", .. arguments]);

    /// <summary>What damctl gives as JSON.</summary>
    internal static async Task<T> JsonAsync<T>(JsonTypeInfo<T> type, params string[] arguments) =>
        JsonSerializer.Deserialize((await DamctlAsync([.. arguments, "-o", "json"])).MustSucceed().Stdout, type)!;

    /// <summary>Starts a small recording of a camera.</summary>
    internal static Task<Recording> StartAsync(string device, params string[] options) =>
        JsonAsync(ContractJson.Default.Recording, ["record", "start", device, "--size", "640x360", "--codec", "mjpeg", .. options]);

    internal static Task<Recording> ShowAsync(string id) => JsonAsync(ContractJson.Default.Recording, "record", "show", id);

    /// <summary>The log of the unit.</summary>
    internal static async Task<string> JournalAsync() => (await Command.RunAsync("journalctl", "-q", "-b", "-o", "cat", "-u", "thatdam-capture")).MustSucceed().Stdout;

    /// <summary>Checks that each file of a recording can be played, and has a frame.</summary>
    internal static async Task MustPlayAsync(Recording recording)
    {
        Assert.NotEmpty(recording.Segments);
        foreach (var segment in recording.Segments)
        {
            var frames = (await Command.RunAsync("ffprobe", "-v", "error", "-count_packets", "-show_entries", "stream=nb_read_packets", "-of", "csv=p=0", segment.File)).MustSucceed();
            Assert.True(int.Parse(frames.Stdout.Trim().TrimEnd(','), CultureInfo.InvariantCulture) > 0, $"{segment.File} holds no frame");
        }
    }
}

/// <summary>The tests of the package run one after another, for there is one of it.</summary>
[CollectionDefinition]
public sealed class PackageBed : ICollectionFixture<InstalledPackage>;
