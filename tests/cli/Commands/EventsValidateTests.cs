using System.Text;

using ThatDam.Cli.Input;
using ThatDam.Tests;

namespace ThatDam.Cli.Tests.Commands;

public sealed class EventsValidateTests : IDisposable
{
    private const string Good = """{"topic":"capture.error","event":{"service":"s","ts":"2026-11-24T07:50:41Z","error":"e"}}""";

    private readonly string _directory = Directory.CreateTempSubdirectory("damctl-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(Good, "1 event, 0 invalid\n")]
    [InlineData(Good + "\n", "1 event, 0 invalid\n")]
    [InlineData(Good + "\r\n\n \t\n" + Good + "\n\n", "2 events, 0 invalid\n")]
    public void Valid_events_are_counted(string input, string said)
    {
        Assert.Equal(new Outcome(0, said, ""), OfInput(input));
        Assert.Equal(new Outcome(0, said, ""), Damctl.Run(null, "events", "validate", Written(input)));
    }

    [Theory]
    [InlineData("nonsense", "not JSON: 'nonsense' is an invalid JSON literal. Expected the literal 'null', at byte 2")]
    [InlineData("[]", "not {\"topic\":…,\"event\":{…}}")]
    [InlineData("{}", "not {\"topic\":…,\"event\":{…}}: field 'topic' is missing")]
    [InlineData("""{"topic":5}""", "not {\"topic\":…,\"event\":{…}}: field 'topic' is not text")]
    [InlineData("""{"topic":"capture.error"}""", "not {\"topic\":…,\"event\":{…}}: field 'event' is missing")]
    [InlineData("""{"topic":"x.y","event":{}}""", "topic 'x.y' is not in the contract")]
    [InlineData("""{"topic":"capture.error","event":{"service":"s","ts":"2026-11-24T07:50:41Z"}}""", "field 'error' is missing")]
    public void A_fault_has_its_file_and_line(string line, string fault) => Assert.Equal(
        new Outcome(1, $"stdin:3: {fault}\n2 events, 1 invalid\n", ""),
        OfInput($"{Good}\n\n{line}\n"));

    [Theory]
    [InlineData("""{"topic":"capture.error","topic":"capture.error","event":{"service":"s","ts":"2026-11-24T07:50:41Z","error":"e"}}""", "uplicate")]
    [InlineData("""{"topic":"\ud800","event":{}}""", "cannot be read")]
    [InlineData("""{"topic":"capture.error","event":{"service":"s","ts":"2026-11-24T07:50:41Z","error":"e"}}{}""", "not JSON")]
    [InlineData("""{"topic":"capture.error","event":{"service":"s","ts":"2026-11-24T07:50:41Z","error":"\ud800"}}""", "'error' is not text")]
    public void What_looks_almost_right_is_a_fault(string line, string part)
    {
        Outcome outcome = OfInput(line);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(part, outcome.Out, StringComparison.Ordinal);
        Assert.EndsWith("\n1 event, 1 invalid\n", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_a_fault() => Assert.Equal(
        new Outcome(1, "stdin:1: not UTF-8\n1 event, 1 invalid\n", ""),
        Damctl.Run(null, width: null, ["events", "validate", "-"], input: [(byte)'"', 0xFF, (byte)'"', (byte)'\n']));

    [Fact]
    public void Every_fault_of_an_event_is_told()
    {
        string file = Written("""{"topic":"capture.segment.created","event":{"service":"s","event_id":"x"}}""");

        Outcome outcome = Damctl.Run(null, "events", "validate", file);

        Assert.Equal(1, outcome.ExitCode);
        Snapshot.Matches(outcome.Out.Replace(_directory, "", StringComparison.Ordinal));
    }

    [Fact]
    public void Hostile_lines_do_nothing_to_the_terminal()
    {
        Outcome outcome = OfInput(
            "\u001b[2J\n{\"topic\":\"\\u001b[2J\\n\\u202e\",\"event\":{}}\n{\"topic\":\"\u009b31m\u202e\",\"event\":{}}\n{\"\u202e\":1,\"\u202e\":2}\n\0\n");

        Assert.Equal(1, outcome.ExitCode);
        Assert.DoesNotContain(outcome.Out, character => char.IsControl(character) && character != '\n');
        Assert.DoesNotContain('\u202e', outcome.Out);
        Assert.EndsWith("\n5 events, 5 invalid\n", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_come_as_json_too()
    {
        const string Input = Good + "\n[]\n";
        const string Fault = """{"file":"stdin","line":2,"fault":"not {\u0022topic\u0022:\u2026,\u0022event\u0022:{\u2026}}"}""";

        Assert.Equal(
            new Outcome(1, $$"""{"events":2,"invalid":1,"faults":[{{Fault}}]}""" + "\n", ""),
            Damctl.Run(null, width: null, ["events", "validate", "-", "-o", "json"], input: Encoding.UTF8.GetBytes(Input)));
        Assert.Equal(
            new Outcome(1, Fault + "\n", ""),
            Damctl.Run(null, width: null, ["events", "validate", "-", "-o", "jsonl"], input: Encoding.UTF8.GetBytes(Input)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n \n")]
    public void Nothing_is_not_valid(string input)
    {
        Assert.Equal(
            new Outcome(2, "", "damctl: stdin: no events in it\n  remedy: `damctl events tail --since 1h --no-follow -o jsonl` prints some\n"),
            OfInput(input));
        Assert.Equal(2, Damctl.Run(null, "events", "validate", Written(input)).ExitCode);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_told()
    {
        string missing = Path.Combine(_directory, "missing");

        Assert.Equal(
            new Outcome(3, "", $"damctl: {missing}: no such file\n  remedy: check its path, or pipe into `-`\n"),
            Damctl.Run(null, "events", "validate", missing));
        Assert.Equal(3, Damctl.Run(null, "events", "validate", Path.Combine(missing, "deeper")).ExitCode);
        Assert.Equal(
            new Outcome(2, "", $"damctl: {_directory}: a directory\n  remedy: name a file in it\n"),
            Damctl.Run(null, "events", "validate", _directory));
        Assert.Equal(2, Damctl.Run(null, "events", "validate", "").ExitCode);
    }

    [Fact]
    public void A_line_without_end_is_given_up()
    {
        Outcome outcome = Damctl.Run(null, "events", "validate", "/dev/zero");

        Assert.Equal(
            new Outcome(1, "", "damctl: /dev/zero:1: the line is longer than 16 MiB\n  remedy: give a file with one JSON object a line\n"), outcome);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(200_000)]
    public void Lines_are_found_whatever_their_length(int length)
    {
        string line = new('x', length);
        var lines = new Lines("x", new MemoryStream(Encoding.ASCII.GetBytes($"{line}\n\n{line}")));

        Assert.Equal([line, "", line], Enumerable.Range(0, 3).Select(_ => Encoding.ASCII.GetString(lines.Next()!.Value.Span)));
        Assert.Null(lines.Next());
        Assert.Equal(3, lines.Number);
    }

    private static Outcome OfInput(string input) => Damctl.Run(null, width: null, ["events", "validate", "-"], input: Encoding.UTF8.GetBytes(input));

    private string Written(string text)
    {
        string path = Path.Combine(_directory, "events.jsonl");
        File.WriteAllText(path, text);
        return path;
    }
}
