using static ThatDam.EndToEnd.Tests.Package.InstalledPackage;

namespace ThatDam.EndToEnd.Tests.Package;

/// <summary>Who may do what: root, an operator by name, one by group, a member of the group, a stranger.</summary>
[Trait("bed", "guest")]
[Trait("boot", "systemd")]
[Collection<PackageBed>]
public sealed class OperatorTests : IAsyncLifetime
{
    private const int Denied = 4;

    private static readonly string[][] Reads =
    [
        ["status"], ["devices", "list"], ["devices", "show", "virtual:0"], ["record", "list"], ["record", "show", "ID"], ["events", "status"], ["audit", "verify"],
    ];

    private static readonly string[][] Changes =
    [
        ["devices", "rescan"], ["record", "start", "virtual:0", "--size", "640x360", "--codec", "mjpeg", "--label", "USER"], ["record", "stop", "--all"],
    ];

    public async ValueTask InitializeAsync() => await ResetAsync();

    public async ValueTask DisposeAsync() => await ResetAsync();

    [Fact]
    public async Task Each_may_what_is_documented_and_each_refusal_of_the_daemon_is_in_the_audit_log()
    {
        await UserAsync("op", "thatdam");
        await UserAsync("crew", "thatdam,audio");
        await UserAsync("member", "thatdam");
        await UserAsync("stranger", "");
        await ConfigureAsync("[Control]\nOperators=op @audio\n");
        var known = (await StartAsync("virtual:0")).Id;
        (await DamctlAsync("record", "stop", "--all")).MustSucceed();
        string[] Of(string[] verb, string user) => [.. verb.Select(word => word == "ID" ? known : word == "USER" ? user : word)];

        foreach (var user in new[] { "root", "op", "crew", "member" })
        {
            foreach (var verb in Reads)
                (await DamctlAsAsync(user, Of(verb, user))).MustSucceed();
        }
        foreach (var user in new[] { "root", "op", "crew" })
        {
            foreach (var verb in Changes)
                (await DamctlAsAsync(user, Of(verb, user))).MustSucceed();
        }
        (await DamctlAsync("record", "start", "virtual:0", "--size", "640x360", "--codec", "mjpeg")).MustSucceed(); // so that there is one to stop
        foreach (var verb in Changes)
            (await DamctlAsAsync("member", Of(verb, "member"))).MustFail(Denied, "member", "op, @audio", "usermod -aG audio");
        (await DamctlAsync("record", "stop", "--all")).MustSucceed();
        foreach (var verb in Reads.Concat(Changes))
            (await DamctlAsAsync("stranger", Of(verb, "stranger"))).MustFail(Denied, "usermod -aG thatdam");

        var refused = AuditLog.Split('\n').Where(line => line.Contains("(member)", StringComparison.Ordinal)).ToList();
        foreach (var action in new[] { "devices.rescan", "recording.start", "recording.stop" })
            Assert.Contains(refused, line => line.Contains(action, StringComparison.Ordinal) && line.Contains("not_operator", StringComparison.Ordinal));
        (await DamctlAsync("audit", "verify")).MustSucceed();
    }

    private static async Task UserAsync(string name, string groups)
    {
        if ((await Command.RunAsync("id", name)).ExitCode != 0)
            (await Command.RunAsync("useradd", "-M", name)).MustSucceed();
        (await Command.RunAsync("usermod", "-G", groups, name)).MustSucceed();
    }
}
