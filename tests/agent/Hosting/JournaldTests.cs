using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Serilog.Events;
using Serilog.Extensions.Logging;
using ThatDam.Agent.Hosting;
using ThatDam.Agent.Hosting.Journal;
using ThatDam.Agent.Tenancy;

namespace ThatDam.Agent.Tests.Hosting;

/// <summary>The log in a real journald, run for the test in a namespace of its own and read with journalctl.</summary>
public sealed class JournaldTests : IDisposable
{
    private const string Program = "/lib/systemd/systemd-journald";

    private readonly string _namespace = $"thatdam{Guid.NewGuid():N}"[..20];
    private readonly bool _keepsStore = Directory.Exists("/var/log/journal");
    private Process? _journald;

    private string Runtime => $"/run/systemd/journal.{_namespace}";

    [Fact]
    public void Journald_takes_every_form_of_entry()
    {
        Assert.SkipUnless(File.Exists(Program), $"{Program} is not installed");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "a journald of one's own needs root");
        Assert.SkipUnless(File.Exists("/etc/machine-id"), "journald needs /etc/machine-id");
        _journald = Start(Program, _namespace);
        Assert.SkipUnless(
            SpinWait.SpinUntil(() => File.Exists(Runtime + "/socket") || _journald.HasExited, TimeSpan.FromSeconds(20)) && !_journald.HasExited,
            "journald does not run here");

        var words = new string('x', 1 << 20);
        using (var logs = new SerilogLoggerFactory(
            AgentLog.Create(new LogOptions { Target = LogTarget.Journal }, new LogThreshold(LogEventLevel.Information), underSystemd: true, Runtime + "/socket", TextWriter.Null), dispose: true))
        {
            var log = logs.CreateLogger("test");
            log.LogInformation("{Device}: recovery: opened anew", "/dev/video0\n_UID=4711");
            log.LogError(new IOException("no\ndisk"), "It failed");
            log.LogInformation("{Words}", words);
        }

        List<JsonElement> entries = [];
        Assert.True(SpinWait.SpinUntil(() => (entries = Entries()).Count == 3, TimeSpan.FromSeconds(30)), $"{entries.Count} of 3 entries came");
        Assert.Equal("/dev/video0\n_UID=4711", entries[0].GetProperty("DEVICE").GetString());
        Assert.Equal("0", entries[0].GetProperty("_UID").GetString());
        Assert.Equal(JournalKind.Of("{Device}: recovery: opened anew"), entries[0].GetProperty("MESSAGE_ID").GetString());
        Assert.Equal(Caller.Daemon.TenantId, entries[0].GetProperty("TENANT_ID").GetString());
        Assert.StartsWith("System.IO.IOException: no\ndisk", entries[1].GetProperty("EXCEPTION").GetString(), StringComparison.Ordinal);
        Assert.Equal(words, entries[2].GetProperty("MESSAGE").GetString());
    }

    public void Dispose()
    {
        if (_journald is { } journald)
        {
            journald.Kill();
            journald.WaitForExit();
            journald.Dispose();
        }
        foreach (var store in new[] { "/var/log/journal", "/run/log/journal" }.Where(Directory.Exists))
        {
            foreach (var own in Directory.GetDirectories(store, $"*.{_namespace}"))
                Directory.Delete(own, recursive: true);
        }
        if (Directory.Exists(Runtime))
            Directory.Delete(Runtime, recursive: true);
        // With it there, the machine's own journal would become a lasting one.
        if (_journald is not null && !_keepsStore && Directory.Exists("/var/log/journal"))
            Directory.Delete("/var/log/journal");
    }

    private List<JsonElement> Entries()
    {
        using var journalctl = Start("journalctl", $"--namespace={_namespace}", "--all", "--output=json", "--no-pager", "SYSLOG_IDENTIFIER=" + JournalFields.Identifier);
        var lines = journalctl.StandardOutput.ReadToEnd();
        journalctl.WaitForExit();
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
}
