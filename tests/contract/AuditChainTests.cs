using System.Text;

namespace ThatDam.Contract.Tests;

public sealed class AuditChainTests
{
    private const string Topic = "tenant.access";

    [Fact]
    public void A_line_has_its_number_the_hash_of_the_line_before_the_event_as_it_is_and_the_topic()
    {
        var first = AuditChain.Line(1, "", Topic, """{"b":1.0, "a":"é"}""");
        Assert.Equal("""{"n":1,"prev":"","event":{"b":1.0, "a":"é"},"topic":"tenant.access"}""", first);
        // sha256sum says so.
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", AuditChain.Hash("abc"u8));
        var second = AuditChain.Line(2, Hash(first), Topic, "{}");
        Assert.True(AuditChain.TryRead(Encoding.UTF8.GetBytes(second), out var number, out var previous));
        Assert.Equal((2, Hash(first)), (number, previous));
        Assert.Throws<ArgumentException>(() => AuditChain.Line(3, Hash(second), Topic, "{\n}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("audited")]
    [InlineData("""{"n":1,"prev":"","event":{}}""")]
    [InlineData("""{"n":0,"prev":"","event":{},"topic":"t"}""")]
    [InlineData("""{"n":2,"prev":"","event":{},"topic":"t"}""")]
    [InlineData("""{"n":1,"prev":"","event":{},"topic":"t"} {}""")]
    [InlineData("""{"n":1,"prev":"","event":"x","topic":"t"}""")]
    [InlineData("""{"n":"1","prev":"","event":{},"topic":"t"}""")]
    public void Anything_else_is_no_line(string text) => Assert.False(AuditChain.TryRead(Encoding.UTF8.GetBytes(text), out _, out _));

    [Fact]
    public void A_whole_log_is_whole_however_its_bytes_come()
    {
        var log = Bytes(Lines(5));
        for (var piece = 1; piece <= log.Length; piece += 7)
        {
            var verifier = new AuditVerifier(End(Lines(5)));
            verifier.Begin("audit.log");
            foreach (var part in log.Chunk(piece))
                verifier.Feed(part);
            Assert.Equal(new AuditReport("audit.log", 1, 5, true, null, null, null), verifier.Report("audit.log", shortened: false));
        }
        Assert.True(Check([], AuditEnd.None).Whole);
    }

    [Fact]
    public void A_removed_line_is_found()
    {
        var lines = Lines(6);
        lines.RemoveRange(2, 2);
        Found(Check(lines), 3, "Lines 3 to 4 are missing before this one.");
    }

    [Fact]
    public void A_removed_first_line_is_found_unless_old_files_are_deleted()
    {
        var lines = Lines(6)[2..];
        Found(Check(lines), 1, "Lines 1 to 2 are missing before this one.");
        var report = Check(lines, shortened: true);
        Assert.Equal((true, 4, 1, "The log begins with line 3: the files before it are no longer kept."), (report.Whole, report.Lines, report.Line, report.Fault));
    }

    [Fact]
    public void A_changed_line_is_found()
    {
        var lines = Lines(5);
        lines[2] = lines[2].Replace("\"i\":3", "\"i\":8", StringComparison.Ordinal);
        Found(Check(lines), 3, "This line was changed, or the hash of it that the next line carries.");
    }

    [Fact]
    public void A_changed_last_line_is_found_by_the_end_that_the_writer_knows()
    {
        var lines = Lines(5);
        lines[4] = lines[4].Replace("\"i\":5", "\"i\":8", StringComparison.Ordinal);
        Found(Check(lines, End(Lines(5))), 5, "This line was changed.");
        Assert.True(Check(lines).Whole);
    }

    [Fact]
    public void Lines_in_another_order_are_found()
    {
        var lines = Lines(5);
        (lines[1], lines[2]) = (lines[2], lines[1]);
        Found(Check(lines), 2, "Line 2 is missing before this one.");
        Found(Check([.. Lines(3), Lines(3)[1]]), 4, "Line 2 follows line 3: lines were repeated or put in another order.");
    }

    [Fact]
    public void A_removed_tail_is_found_by_the_end_that_the_writer_knows()
    {
        Found(Check(Lines(3), End(Lines(5))), 3, "Lines 4 to 5 are missing after this one.");
        var gone = Check([], End(Lines(5)));
        Assert.Equal((false, null, "The log is gone: it had 5 lines."), (gone.Whole, gone.Line, gone.Fault));
    }

    [Fact]
    public void A_foreign_line_is_found_even_if_it_carries_the_right_hash()
    {
        Found(Check([.. Lines(3), "who was here"]), 4, "This is not a line of the audit log.");
        Found(Check(Lines(4), End(Lines(3))), 4, "This line was added by another: the log ends with line 3.");
    }

    [Fact]
    public void A_torn_line_is_found()
    {
        var verifier = new AuditVerifier();
        verifier.Begin("audit.log");
        verifier.Feed(Bytes(Lines(3)).AsSpan()[..^1]);
        Found(verifier.Report("audit.log", shortened: false), 3, "This line is torn: its end is missing.");
    }

    [Fact]
    public void A_line_without_end_is_not_collected()
    {
        var verifier = new AuditVerifier();
        verifier.Begin("audit.log");
        for (var i = 0; i < 64; i++)
            verifier.Feed(new byte[64 << 10]);
        Found(verifier.Report("audit.log", shortened: false), 1, "This is not a line of the audit log.");
    }

    [Fact]
    public void The_chain_goes_through_files_and_a_fault_is_told_with_its_file()
    {
        var lines = Lines(6);
        Assert.Equal(new AuditReport("audit.log", 3, 6, true, null, null, null), CheckFiles(lines[..2], lines[2..4], lines[4..]));
        // The last of one file and the first of the next.
        lines[3] = lines[3].Replace("\"i\":4", "\"i\":8", StringComparison.Ordinal);
        var report = CheckFiles(lines[..2], lines[2..4], lines[4..]);
        Assert.Equal((false, "audit.log.1", 2), (report.Whole, report.File, report.Line));
        Assert.Equal("Lines 3 to 4 are missing before this one.", CheckFiles(lines[..2], lines[4..]).Fault);
        Assert.Equal("Line 3 is missing before this one.", CheckFiles(lines[..2], lines[3..]).Fault);
    }

    /// <summary>Each bit of each byte.</summary>
    [Fact]
    public void Every_flipped_bit_is_found()
    {
        var lines = Lines(5);
        var (log, end) = (Bytes(lines), End(lines));
        for (var i = 0; i < log.Length; i++)
        {
            for (var bit = 1; bit < 256; bit <<= 1)
            {
                log[i] ^= (byte)bit;
                var verifier = new AuditVerifier(end);
                verifier.Begin("audit.log");
                verifier.Feed(log);
                Assert.False(verifier.Report("audit.log", shortened: true).Whole, $"byte {i}, bit {bit}");
                log[i] ^= (byte)bit;
            }
        }
    }

    /// <summary>Cut anywhere, to any length.</summary>
    [Fact]
    public void Every_piece_that_is_cut_out_is_found()
    {
        var lines = Lines(5);
        var (log, end) = (Bytes(lines), End(lines));
        for (var from = 0; from < log.Length; from += 3)
        {
            for (var to = from + 1; to <= log.Length; to += 5)
            {
                var verifier = new AuditVerifier(end);
                verifier.Begin("audit.log");
                verifier.Feed(log.AsSpan(0, from));
                verifier.Feed(log.AsSpan(to));
                Assert.False(verifier.Report("audit.log", shortened: false).Whole, $"{from} to {to}");
            }
        }
    }

    private static List<string> Lines(int count)
    {
        var (lines, hash) = (new List<string>(), "");
        for (var i = 1; i <= count; i++)
        {
            lines.Add(AuditChain.Line(i, hash, Topic, $$"""{"i":{{i}}}"""));
            hash = Hash(lines[^1]);
        }
        return lines;
    }

    private static AuditEnd End(List<string> lines) => new(lines.Count, Hash(lines[^1]));

    private static string Hash(string line) => AuditChain.Hash(Encoding.UTF8.GetBytes(line));

    private static byte[] Bytes(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));

    private static AuditReport Check(List<string> lines, AuditEnd? end = null, bool shortened = false)
    {
        var verifier = new AuditVerifier(end);
        verifier.Begin("audit.log");
        verifier.Feed(Bytes(lines));
        return verifier.Report("audit.log", shortened);
    }

    private static AuditReport CheckFiles(params List<string>[] files)
    {
        var verifier = new AuditVerifier();
        for (var i = 0; i < files.Length; i++)
        {
            verifier.Begin(i == files.Length - 1 ? "audit.log" : $"audit.log.{files.Length - 1 - i}");
            verifier.Feed(Bytes(files[i]));
        }
        return verifier.Report("audit.log", shortened: false);
    }

    private static void Found(AuditReport report, long line, string fault) =>
        Assert.Equal((false, "audit.log", line, fault), (report.Whole, report.File, report.Line, report.Fault));
}
