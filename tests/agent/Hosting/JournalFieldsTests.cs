using Microsoft.Extensions.Logging;
using Serilog.Events;
using Serilog.Extensions.Logging;
using ThatDam.Agent.Hosting;
using ThatDam.Agent.Hosting.Journal;
using ThatDam.Agent.Tenancy;
using ThatDam.Contract;
using ThatDam.Native.Errors;

namespace ThatDam.Agent.Tests.Hosting;

/// <summary>What the journal is given, read from the socket that it is given on.</summary>
public sealed class JournalFieldsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeJournal _journal;
    private readonly SerilogLoggerFactory _logs;
    private readonly ILogger _log;

    public JournalFieldsTests()
    {
        _journal = new FakeJournal(_directory["socket"]);
        _logs = new SerilogLoggerFactory(
            AgentLog.Create(new LogOptions { Target = LogTarget.Journal }, new LogThreshold(LogEventLevel.Information), underSystemd: false, _directory["socket"], TextWriter.Null), dispose: true);
        _log = _logs.CreateLogger("ThatDam.Agent.Capture.CaptureSession");
    }

    public void Dispose()
    {
        _logs.Dispose();
        _journal.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void A_line_has_its_message_its_kind_its_origin_and_what_it_speaks_of()
    {
        _log.LogWarning("{Device}: recovery: not reset on its USB bus: {Reason}", "/dev/video0", "unplugged");

        var entry = _journal.Receive()!;
        Assert.Equal(
            [
                ("DAM_REASON", "unplugged"),
                ("DEVICE", "/dev/video0"),
                ("LOGGER", "ThatDam.Agent.Capture.CaptureSession"),
                ("MESSAGE", "/dev/video0: recovery: not reset on its USB bus: unplugged"),
                ("MESSAGE_ID", JournalKind.Of("{Device}: recovery: not reset on its USB bus: {Reason}")!),
                ("PRINCIPAL_ID", Caller.Daemon.PrincipalId),
                ("PRIORITY", "4"),
                ("SYSLOG_IDENTIFIER", "thatdam-capture"),
                ("TENANT_ID", Caller.Daemon.TenantId),
            ],
            entry.Fields.OrderBy(field => field.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void A_recording_a_rate_and_a_line_of_no_kind()
    {
        _log.LogInformation("{Recording} has {MaxFps} of {ID3Tags} and {Nothing}", "r-1", 29.97, true, null);

        var entry = _journal.Receive()!;
        Assert.Equal("r-1", entry["RECORDING_ID"]);
        Assert.Equal("29.97", entry["DAM_MAX_FPS"]);
        Assert.Equal("True", entry["DAM_ID3_TAGS"]);
        Assert.Equal("", entry["DAM_NOTHING"]);
        Assert.Equal("6", entry["PRIORITY"]);
        Assert.False(entry.Has("MESSAGE_ID"));
    }

    [Fact]
    public async Task A_line_names_the_caller_on_whose_behalf_it_was_written_though_another_thread_sends_it()
    {
        await Task.Run(() =>
        {
            Caller.Enter(new Caller { TenantId = "news", PrincipalId = "uid:1000(anna)", TraceId = "0af7651916cd43dd8448eb211c80319c", RequestId = "r1", CorrelationId = "c1" });
            _log.LogInformation("{Device}: recovery: opened anew", "/dev/video0");
        });
        _log.LogInformation("{Device}: recovery: opened anew", "/dev/video1");

        var entry = _journal.Receive()!;
        Assert.Equal(("news", "uid:1000(anna)"), (entry["TENANT_ID"], entry["PRINCIPAL_ID"]));
        Assert.Equal(("0af7651916cd43dd8448eb211c80319c", "r1", "c1"), (entry["TRACE_ID"], entry["REQUEST_ID"], entry["CORRELATION_ID"]));
        var own = _journal.Receive()!;
        Assert.Equal(Caller.Daemon.PrincipalId, own["PRINCIPAL_ID"]);
        Assert.False(own.Has("TRACE_ID") || own.Has("REQUEST_ID") || own.Has("CORRELATION_ID"));
    }

    [Fact]
    public void An_exception_is_told_whole_in_a_field_and_in_short_in_the_message()
    {
        _log.LogError(new IOException("no\ndisk"), "It failed");
        _log.LogError(new NativeException("openat2", "/srv/a.mp4", Errno.ENOSPC), "It failed");
        _log.LogError(new ProblemException(409, "device_busy", "Busy", "It is busy.", "Wait."), "It failed");

        var first = _journal.Receive()!;
        Assert.Equal("It failed: no\\ndisk", first["MESSAGE"]);
        Assert.Equal("no\ndisk", first["ERROR"]);
        Assert.StartsWith("System.IO.IOException: no\ndisk", first["EXCEPTION"], StringComparison.Ordinal);
        Assert.Equal("3", first["PRIORITY"]);
        var second = _journal.Receive()!;
        Assert.Equal(("ENOSPC", "28"), (second["CODE"], second["ERRNO"]));
        Assert.Equal("device_busy", _journal.Receive()!["CODE"]);
    }

    [Fact]
    public void A_value_with_newlines_arrives_as_it_was()
    {
        const string Lines = "\nfirst\n\nsecond=2\n\n";
        _log.LogInformation("{Device} says {Words}", "cam", Lines);

        var entry = _journal.Receive()!;
        Assert.Equal(Lines, entry["DAM_WORDS"]);
        Assert.Equal("cam says \\nfirst\\n\\nsecond=2", entry["MESSAGE"]);
    }

    [Fact]
    public void A_message_of_a_megabyte_arrives_in_a_sealed_file_and_the_next_in_a_datagram()
    {
        var words = new string('ü', 1 << 19);
        _log.LogInformation("{Words}", words);
        _log.LogInformation("short");

        Assert.Equal(words, _journal.Receive()!["MESSAGE"]);
        Assert.Equal(1, _journal.Files);
        Assert.Equal("short", _journal.Receive()!["MESSAGE"]);
        Assert.Equal(1, _journal.Files);
    }

    [Fact]
    public void No_value_and_no_name_can_make_a_field_that_is_not_its_own()
    {
        const string Hostile = "cam\nPRIORITY=0\nMESSAGE_ID=0123456789abcdef0123456789abcdef\n_UID=0\0\e[2J\u202E\uD800=";
        using (_log.BeginScope(new Dictionary<string, object>
        {
            ["_UID"] = "0",
            ["MESSAGE"] = "forged",
            ["A=B\nPRIORITY"] = "0",
            ["Priority"] = "0",
            [""] = "nameless",
            ["\nTenantId"] = "forged",
            ["TenantId"] = "forged",
            ["Long" + new string('x', 200)] = "long",
            ["größe"] = "1",
        }))
        {
            _log.LogInformation("{Device}: recovery: opened anew", Hostile);
        }

        var entry = _journal.Receive()!;
        Assert.Equal(Hostile.Replace('\uD800', '\uFFFD'), entry["DEVICE"]);
        Assert.Equal("6", entry["PRIORITY"]);
        Assert.Equal(JournalKind.Of("{Device}: recovery: opened anew"), entry["MESSAGE_ID"]);
        Assert.Equal(Caller.Daemon.TenantId, entry["TENANT_ID"]);
        Assert.Equal("cam\\nPRIORITY=0\\nMESSAGE_ID=0123456789abcdef0123456789abcdef\\n_UID=0\\u0000\\u001b[2J\\u202e\uFFFD=: recovery: opened anew", entry["MESSAGE"]);
        string[] own = ["DEVICE", "LOGGER", "MESSAGE", "MESSAGE_ID", "PRINCIPAL_ID", "PRIORITY", "SYSLOG_IDENTIFIER", "TENANT_ID"];
        Assert.All(entry.Fields.Where(field => !own.Contains(field.Name)), field => Assert.StartsWith("DAM_", field.Name, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("_UID")]
    [InlineData("A=B")]
    [InlineData("A\nB")]
    [InlineData("1A")]
    [InlineData("lower")]
    public void A_name_that_the_journal_would_drop_is_refused(string name) => Assert.Throws<ArgumentException>(() => new JournalEntry().Add(name, "x"));

    [Fact]
    public void The_log_goes_where_it_is_told()
    {
        Assert.True(AgentLog.GoesToJournal(LogTarget.Auto, underSystemd: true, _directory["socket"]));
        Assert.False(AgentLog.GoesToJournal(LogTarget.Auto, underSystemd: true, _directory["nothing"]));
        Assert.False(AgentLog.GoesToJournal(LogTarget.Auto, underSystemd: false, _directory["socket"]));
        Assert.True(AgentLog.GoesToJournal(LogTarget.Journal, underSystemd: false, _directory["nothing"]));
        Assert.False(AgentLog.GoesToJournal(LogTarget.Stderr, underSystemd: true, _directory["socket"]));
    }
}
