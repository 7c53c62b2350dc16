using Microsoft.Extensions.Logging;
using ThatDam.Agent.Publishing;
using ThatDam.Agent.State;
using ThatDam.Contract;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Tests.Publishing;

public sealed partial class AuditLogTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TemporaryDirectory _state = new();
    private readonly Lines _told = new();
    private StateDatabase _database;
    private EventOutbox _outbox;
    private AuditOptions _options = new();
    private AuditLog _audit;

    public AuditLogTests() => Start();

    private string Log => _directory["audit.log"];

    [Fact]
    public void Tenant_events_are_written_in_their_order_as_they_are_published_and_no_others()
    {
        Access("recording.start");
        _outbox.Commit(new CaptureError { Error = "x" });
        _outbox.Commit(new TenantLimit { Limit = "recordings", Allowed = 1, Used = 1 });
        _audit.CatchUp();
        _audit.CatchUp();
        var bodies = _outbox.After(0, 10).Where(e => e.Topic != Topics.CaptureError).ToList();
        var first = AuditChain.Line(1, "", "tenant.access", bodies[0].Body);
        Assert.Equal([first, AuditChain.Line(2, Hash(first), "tenant.limit", bodies[1].Body)], File.ReadAllLines(Log));
        Assert.Equal(new AuditReport(Log, 1, 2, true, null, null, null), _audit.Verify());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Log));
        Assert.Empty(_told.Text);
    }

    [Fact]
    public void Without_an_event_there_is_nothing_to_check() =>
        Assert.Equal((0, true, null), (_audit.Verify().Lines, _audit.Verify().Whole, _audit.Verify().Fault));

    [Fact]
    public void The_chain_goes_on_after_a_restart()
    {
        Write(3);
        Restart();
        Write(2);
        Assert.Equal((5, true), (_audit.Verify().Lines, _audit.Verify().Whole));
        Assert.Empty(_told.Text);
    }

    [Fact]
    public void More_events_than_one_batch_are_written_at_once()
    {
        for (var i = 0; i < 600; i++)
            Access($"a{i}");
        _audit.CatchUp();
        Assert.Equal((600, true), (_audit.Verify().Lines, _audit.Verify().Whole));
        Assert.Equal(600, Mark().End.Lines);
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("changed")]
    [InlineData("reordered")]
    [InlineData("foreign")]
    [InlineData("forged")]
    [InlineData("cut")]
    [InlineData("torn")]
    [InlineData("emptied")]
    [InlineData("deleted")]
    public void What_was_done_to_the_file_is_found_while_the_daemon_runs_and_after_a_restart_and_after_more_lines(string how)
    {
        Write(5);
        Tamper(how);
        var before = _audit.Verify();
        Assert.False(before.Whole);
        Restart();
        _audit.CatchUp();
        Assert.False(_audit.Verify().Whole);
        Write(2);
        var after = _audit.Verify();
        Assert.False(after.Whole);
        Assert.NotNull(after.Fault);
        Restart();
        Write(1);
        Assert.False(_audit.Verify().Whole);
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("changed")]
    [InlineData("reordered")]
    [InlineData("foreign")]
    [InlineData("cut")]
    [InlineData("deleted")]
    public void So_it_is_when_lines_were_written_before_anybody_looked(string how)
    {
        Write(5);
        Tamper(how);
        Write(2);
        Assert.False(_audit.Verify().Whole);
        // A change that keeps the length is found by the check alone.
        if (how is not ("changed" or "reordered"))
            Assert.Contains($"Error: The audit log {Log} ", Assert.Single(_told.Text), StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_was_deleted_while_the_daemon_was_down_is_told_and_the_chain_shows_the_gap()
    {
        Write(5);
        var recorded = Mark().End.Hash;
        Stop();
        File.Delete(Log);
        Start();
        Write(1);
        Assert.Contains($"Error: The audit log {Log} does not hold line 5 as it was written: it was changed or deleted. It goes on with line 6", Assert.Single(_told.Text), StringComparison.Ordinal);
        Assert.Contains($"\"n\":6,\"prev\":\"{recorded}\"", Assert.Single(File.ReadAllLines(Log)), StringComparison.Ordinal);
        var report = _audit.Verify();
        Assert.Equal((false, 1, 1, "Lines 1 to 5 are missing before this one."), (report.Whole, report.Lines, report.Line, report.Fault));
    }

    [Fact]
    public void Lines_of_another_stay_and_are_told()
    {
        Write(2);
        Stop();
        File.AppendAllText(Log, "I was here\n");
        Start();
        Write(1);
        Assert.Contains("holds 11 bytes of lines that the daemon did not write", Assert.Single(_told.Text), StringComparison.Ordinal);
        Assert.Equal("I was here", File.ReadAllLines(Log)[2]);
        Assert.Equal((false, 3), (_audit.Verify().Whole, _audit.Verify().Line));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_crash_between_the_append_and_the_state_loses_and_doubles_nothing(int before)
    {
        Write(before);
        var mark = Mark();
        Write(4);
        var lines = File.ReadAllText(Log);
        // As the state would be, had it been killed there.
        new AuditPlace(_database).Move(mark);
        Restart();
        _audit.CatchUp();
        Assert.Equal(lines, File.ReadAllText(Log));
        Assert.Equal(before + 4, Mark().End.Lines);
        Write(1);
        Assert.Equal((before + 5, true), (_audit.Verify().Lines, _audit.Verify().Whole));
        Assert.Empty(_told.Text);
    }

    [Fact]
    public void A_crash_anywhere_in_an_append_loses_nothing()
    {
        Write(2);
        var (mark, start) = (Mark(), new FileInfo(Log).Length);
        Write(2);
        var whole = File.ReadAllBytes(Log);
        for (var length = start; length < whole.Length; length += 37)
        {
            Stop();
            File.WriteAllBytes(Log, whole[..(int)length]);
            Start();
            new AuditPlace(_database).Move(mark);
            _audit.CatchUp();
            Assert.Equal(whole, File.ReadAllBytes(Log));
            Assert.True(_audit.Verify().Whole);
        }
        Assert.All(_told.Text, line => Assert.StartsWith("Warning: The last line of the audit log", line, StringComparison.Ordinal));
        Assert.NotEmpty(_told.Text);
    }

    [Fact]
    public void A_full_disk_is_told_once_and_what_is_missing_is_written_later()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && Mount(_directory.Path), "needs root, to mount a small tmpfs");
        try
        {
            Write(3);
            File.WriteAllBytes(_directory["ballast"], []);
            Fill(_directory["ballast"]);
            for (var i = 0; i < 30; i++)
                Write(1);
            Assert.Contains("Error: The audit log cannot be written: ", Assert.Single(_told.Text), StringComparison.Ordinal);
            Assert.Contains("(ENOSPC). The events wait in the state. Make room on its disk", _told.Text[0], StringComparison.Ordinal);
            Assert.True(Mark().End.Lines < 33);
            // What is there is a whole chain, to the end that the state knows.
            Assert.True(_audit.Verify().Whole);
            File.Delete(_directory["ballast"]);
            _audit.CatchUp();
            Assert.Equal((33, true), (_audit.Verify().Lines, _audit.Verify().Whole));
            Assert.Equal($"Information: {Log} is written again; no event was left out", _told.Text[1]);
            Assert.Equal(2, _told.Text.Count);
        }
        finally
        {
            Run("umount", _directory.Path);
        }
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_told_once_and_the_daemon_goes_on()
    {
        Directory.CreateDirectory(Log);
        Write(1);
        Write(1);
        Assert.Contains("EISDIR", Assert.Single(_told.Text), StringComparison.Ordinal);
        var problem = Assert.Throws<ProblemException>(() => _audit.Verify()).Problem;
        Assert.Equal("audit_unreadable", problem.Code);
        Directory.Delete(Log);
        Write(1);
        Assert.Equal((3, true), (_audit.Verify().Lines, _audit.Verify().Whole));
    }

    [Fact]
    public void A_symbolic_link_is_not_followed()
    {
        var target = _state.Write("elsewhere", "");
        File.CreateSymbolicLink(Log, target);
        Write(1);
        Assert.Contains("ELOOP", Assert.Single(_told.Text), StringComparison.Ordinal);
        Assert.Empty(File.ReadAllText(target));
    }

    [Fact]
    public void A_directory_that_is_gone_is_told()
    {
        Stop();
        Directory.Delete(_directory.Path);
        Start();
        Write(1);
        Assert.Contains("ENOENT", Assert.Single(_told.Text), StringComparison.Ordinal);
        Directory.CreateDirectory(_directory.Path);
        Write(1);
        Assert.Equal(2, _audit.Verify().Lines);
    }

    [Fact]
    public void Under_a_new_state_the_log_goes_on_and_it_is_told()
    {
        Write(3);
        Stop();
        Directory.Delete(_state.Path, recursive: true);
        Directory.CreateDirectory(_state.Path);
        Start();
        Write(2);
        Assert.StartsWith($"Warning: The state in {_directory.Path} is new, the audit log is not: it goes on after its line 3", Assert.Single(_told.Text), StringComparison.Ordinal);
        Assert.Equal((5, true), (_audit.Verify().Lines, _audit.Verify().Whole));
    }

    [Fact]
    public async Task Many_may_call_at_once_and_each_finds_its_event_written()
    {
        await Parallel.ForAsync(0, 200, (i, _) =>
        {
            var e = Access($"a{i}");
            _audit.CatchUp();
            Assert.Contains(e.EventId.ToString()!, File.ReadAllText(Log), StringComparison.Ordinal);
            return ValueTask.CompletedTask;
        });
        Assert.Equal((200, true), (_audit.Verify().Lines, _audit.Verify().Whole));
    }

    public void Dispose()
    {
        Stop();
        _directory.Dispose();
        _state.Dispose();
    }

    private void Tamper(string how)
    {
        var lines = File.ReadAllLines(Log).ToList();
        switch (how)
        {
            case "removed":
                lines.RemoveAt(2);
                break;
            case "changed":
                lines[4] = lines[4].Replace("\"allowed\":true", "\"allowed\":null", StringComparison.Ordinal);
                break;
            case "reordered":
                (lines[1], lines[2]) = (lines[2], lines[1]);
                break;
            case "foreign":
                lines.Add("I was here");
                break;
            case "forged":
                lines.Add(AuditChain.Line(6, Hash(lines[4]), "tenant.access", "{}"));
                break;
            case "cut":
                lines.RemoveRange(3, 2);
                break;
            case "torn":
                File.WriteAllText(Log, File.ReadAllText(Log)[..^10]);
                return;
            case "emptied":
                lines.Clear();
                break;
            default:
                File.Delete(Log);
                return;
        }
        File.WriteAllLines(Log, lines);
    }

    private ContractEvent Access(string action) => _outbox.Commit(new TenantAccess { Action = action, Allowed = true });

    private void Write(int count)
    {
        for (var i = 0; i < count; i++)
            Access("recording.start");
        _audit.CatchUp();
    }

    private AuditMark Mark() => new AuditPlace(_database).Read();

    private string[] Names() => [.. Directory.GetFiles(_directory.Path).Select(path => Path.GetFileName(path)).Order()];

    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(_database), nameof(_outbox), nameof(_audit))]
    private void Start()
    {
        _database = StateDatabase.Open(_state.Path);
        _outbox = new EventOutbox(_database, new OutboxOptions(), "host", TimeProvider.System);
        _audit = new AuditLog(_directory.Path, _options, _database, _told);
    }

    private void Stop() => _database.Dispose();

    private void Restart()
    {
        Stop();
        Start();
    }

    private static string Hash(string line) => AuditChain.Hash(System.Text.Encoding.UTF8.GetBytes(line));

    private static bool Mount(string directory) => Run("mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", directory);

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[512];
        try
        {
            while (true)
                file.Write(block);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private sealed class Lines : ILogger<AuditLog>
    {
        public List<string> Text { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Text.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
