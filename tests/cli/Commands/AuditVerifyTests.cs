using System.CommandLine;

using ThatDam.Cli.Commands;
using ThatDam.Cli.Output;
using ThatDam.Contract;
using ThatDam.Tests;

namespace ThatDam.Cli.Tests.Commands;

public sealed class AuditVerifyTests
{
    private static readonly AuditReport s_whole = new("/var/lib/thatdam/audit.log", 2, 1234, true, null, null, null);

    private static readonly AuditReport s_broken =
        s_whole with { Whole = false, File = "/var/lib/thatdam/audit.log.1", Line = 12, Fault = "the line before it \u001b[2Jwas changed" };

    [Fact]
    public async Task A_whole_chain_is_told()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/audit", Samples.Json(s_whole));

        Snapshot.Matches(Damctl.Run(daemon, "audit", "verify").Good());
    }

    [Fact]
    public async Task A_broken_chain_is_told_with_its_place_and_fails()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/audit", Samples.Json(s_broken));

        Outcome outcome = Damctl.Run(daemon, "audit", "verify");

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Error));
        Snapshot.Matches(outcome.Out);
    }

    [Fact]
    public async Task Json_is_what_the_daemon_said_and_the_exit_code_stays()
    {
        const string Said = """{"path":"p","files":1,"lines":0,"whole":false,"later":1.50}""";
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/audit", Said);

        Assert.Equal(new Outcome(1, Said + "\n", ""), Damctl.Run(daemon, "audit", "verify", "-o", "json"));
    }

    [Fact]
    public void Named_files_are_checked_without_a_daemon()
    {
        var output = new StringWriter();
        var options = new GlobalOptions(new Terminal { Out = output, Error = TextWriter.Null, Variable = _ => "/nowhere" });
        IReadOnlyList<string> named = [];
        Verb verb = AuditVerifyCommand.Create(options, files =>
        {
            named = files;
            return s_whole;
        });

        Assert.Equal(0, verb.Parse(["audit.log.1", "audit.log"]).Invoke());
        Assert.Equal(["audit.log.1", "audit.log"], named);
        Assert.StartsWith("the chain is whole\n", output.ToString(), StringComparison.Ordinal);
    }
}
