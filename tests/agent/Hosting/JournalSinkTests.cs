using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Serilog.Events;
using Serilog.Parsing;
using ThatDam.Agent.Hosting;
using ThatDam.Agent.Hosting.Journal;
using ThatDam.Agent.Tenancy;

namespace ThatDam.Agent.Tests.Hosting;

/// <summary>What happens when the journal does not take what it is given.</summary>
public sealed partial class JournalSinkTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly StringWriter _text = new();
    private readonly TextWriter _stderr;

    public JournalSinkTests() => _stderr = TextWriter.Synchronized(_text);

    public void Dispose()
    {
        _directory.Dispose();
        _stderr.Dispose();
        _text.Dispose();
    }

    [Fact]
    public void Without_a_journal_lines_go_to_stderr_and_back_when_there_is_one()
    {
        using var sink = Sink();
        sink.Emit(Line(0));
        Until(() => Stderr.Contains("line 0\n", StringComparison.Ordinal));
        Assert.StartsWith("warning The log goes to stderr for now: connect on " + _directory["socket"], Stderr, StringComparison.Ordinal);

        using var journal = new FakeJournal(_directory["socket"]);
        var sent = 1;
        FakeJournalEntry? first = null;
        Until(() =>
        {
            sink.Emit(Line(sent++));
            return (first = journal.Receive(patience_ms: 50)) is not null;
        });

        Assert.Matches("^line [0-9]+$", first!["MESSAGE"]);
        var back = journal.Expect("The log goes to the journal again");
        Assert.Equal(LinesOn(Stderr).Count.ToString(CultureInfo.InvariantCulture), back["DAM_LINES"]);
        Assert.Equal(Caller.Daemon.PrincipalId, back["PRINCIPAL_ID"]);
    }

    [Fact]
    public void A_journal_that_was_started_anew_gets_the_next_line()
    {
        using var sink = Sink();
        using (var before = new FakeJournal(_directory["socket"]))
        {
            sink.Emit(Line(1));
            Assert.Equal("line 1", before.Receive()!["MESSAGE"]);
        }
        File.Delete(_directory["socket"]);

        using var after = new FakeJournal(_directory["socket"]);
        sink.Emit(Line(2));
        Assert.Equal("line 2", after.Receive()!["MESSAGE"]);
        Assert.Empty(Stderr);
    }

    [Fact]
    public void A_journal_that_never_reads_holds_nobody_up_and_every_line_is_accounted_for()
    {
        const int Lines = 10_000;
        using var journal = new FakeJournal(_directory["socket"]);
        var sink = Sink();
        var lines = Enumerable.Range(0, Lines).Select(Line).ToArray();

        var watch = Stopwatch.StartNew();
        foreach (var line in lines)
            sink.Emit(line);
        // Two seconds is what the writer waits for the journal.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1.5), $"{Lines} lines took {watch.Elapsed}");

        Until(() => Stderr.Contains("journald takes nothing", StringComparison.Ordinal));
        sink.Dispose();

        var told = new List<string>();
        while (journal.Receive(patience_ms: 0) is { } entry)
            told.Add(entry["MESSAGE"]);
        var taken = told.Where(message => message.StartsWith("line ", StringComparison.Ordinal)).Select(Number).ToList();
        var written = LinesOn(Stderr);
        // Told wherever lines went at that moment.
        var lost = told.Append(Stderr).SelectMany(text => Losses().Matches(text)).Sum(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
        Assert.NotEmpty(taken);
        Assert.True(lost > 0);
        Assert.Equal(Lines, taken.Count + written.Count + lost);
        Assert.Equal(taken.Concat(written).Distinct().Order(), taken.Concat(written));
    }

    [Fact]
    public void A_journal_that_reads_again_gets_the_log_again()
    {
        using var journal = new FakeJournal(_directory["socket"]);
        using var sink = Sink();
        foreach (var line in Enumerable.Range(0, 2 * JournalSink.QueueLength).Select(Line))
            sink.Emit(line);
        Until(() => Stderr.Contains("journald takes nothing", StringComparison.Ordinal));

        Until(() =>
        {
            while (journal.Receive(patience_ms: 0) is { } entry)
            {
                if (entry["MESSAGE"].StartsWith("The log goes to the journal again", StringComparison.Ordinal))
                    return true;
            }
            sink.Emit(Line(0));
            return false;
        });
    }

    [Fact]
    public async Task What_waits_at_the_end_is_delivered()
    {
        using var journal = new FakeJournal(_directory["socket"]);
        var sink = Sink();
        for (var i = 0; i < 500; i++)
            sink.Emit(Line(i));
        using var reading = new ManualResetEventSlim();
        var reader = Task.Factory.StartNew(() => Read(journal, 500, reading), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(reading.Wait(TimeSpan.FromSeconds(30), CancellationToken.None));

        sink.Dispose();

        Assert.Equal(Enumerable.Range(0, 500), await reader);
        Assert.Empty(Stderr);
        sink.Emit(Line(500)); // Too late, and no error.
    }

    [Fact]
    public void The_end_waits_for_nobody_longer_than_two_seconds_and_what_the_journal_did_not_take_is_on_stderr()
    {
        using var journal = new FakeJournal(_directory["socket"]);
        var sink = Sink();
        for (var i = 0; i < 500; i++)
            sink.Emit(Line(i));

        var watch = Stopwatch.StartNew();
        sink.Dispose();

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(4), $"the end took {watch.Elapsed}"); // Two, on a machine with something else to do.
        var taken = 0;
        while (journal.Receive(patience_ms: 0) is not null)
            taken++;
        Assert.Equal(500, taken + LinesOn(Stderr).Count);
    }

    [Fact]
    public void A_stderr_that_takes_nothing_ends_neither_the_daemon_nor_the_log()
    {
        using var broken = new BrokenWriter();
        using var sink = new JournalSink(_directory["socket"], new LogLineFormatter(withTime: false), broken, TimeProvider.System);
        sink.Emit(Line(0));
        Until(() => broken.Asked);

        using var journal = new FakeJournal(_directory["socket"]);
        Until(() =>
        {
            sink.Emit(Line(1));
            return journal.Receive(patience_ms: 50) is not null;
        });
        FakeJournalEntry? told = null;
        Until(() => (told = journal.Receive(patience_ms: 100)) is not null && Losses().IsMatch(told["MESSAGE"]));
        Assert.NotEqual("0", told!["DAM_LINES"]);
    }

    private string Stderr
    {
        get
        {
            lock (_stderr)
                return _text.ToString();
        }
    }

    private JournalSink Sink() => new(_directory["socket"], new LogLineFormatter(withTime: false), _stderr, TimeProvider.System);

    private static LogEvent Line(int number) => new(
        TimeProvider.System.GetUtcNow(), LogEventLevel.Information, null, new MessageTemplateParser().Parse("line {Number}"),
        [new LogEventProperty("Number", new ScalarValue(number))]);

    private static List<int> LinesOn(string stderr) =>
        [.. stderr.Split('\n').Where(line => line.StartsWith("info line ", StringComparison.Ordinal)).Select(line => Number(line[5..]))];

    private static int Number(string message) => int.Parse(message.Split(' ')[1], CultureInfo.InvariantCulture);

    // As many as come, each in good time.
    private static List<int> Read(FakeJournal journal, int count, ManualResetEventSlim reading)
    {
        var numbers = new List<int>();
        while (numbers.Count < count && journal.Receive() is { } entry)
        {
            numbers.Add(Number(entry["MESSAGE"]));
            reading.Set();
        }
        return numbers;
    }

    private static void Until(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        var spin = new SpinWait();
        while (!condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), "it did not come about in 30 s");
            spin.SpinOnce();
        }
    }

    [GeneratedRegex("([0-9]+) lines of the log were lost")]
    private static partial Regex Losses();

    private sealed class BrokenWriter : StringWriter
    {
        public bool Asked { get; private set; }

        public override void Write(string? value)
        {
            Asked = true;
            throw new IOException("Broken pipe");
        }
    }
}
