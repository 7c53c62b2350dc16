using System.Runtime.CompilerServices;
using ThatDam.Agent.Hosting.Journal;

namespace ThatDam.Agent.Tests.Hosting;

public sealed class JournalKindTests
{
    private static readonly string[] OfTheLogItself = [JournalKind.Away, JournalKind.Back, JournalKind.Lost];

    [Fact]
    public void Every_line_that_the_daemon_logs_has_a_kind()
    {
        var calls = LogTemplates.Below(Path.Combine(Root(), "agent")).ToList();
        Assert.True(calls.Count >= 10, $"only {calls.Count} calls that log were found: the search for them is broken");

        var without = calls.Where(call => call.Template is null || JournalKind.Of(call.Template) is null)
            .Select(call => call.Template is null
                ? $"{call.Place}: the template must be one constant text in the call"
                : $"{call.Place}: add to JournalKind: {{ \"{call.Template}\", \"{Guid.NewGuid():N}\" }},");
        Assert.True(!without.Any(), string.Join('\n', without.Prepend("lines without a MESSAGE_ID:")));
    }

    [Fact]
    public void No_kind_is_left_without_a_line()
    {
        var templates = LogTemplates.Below(Path.Combine(Root(), "agent")).Select(call => call.Template).ToHashSet();
        var idle = JournalKind.All.Keys.Except(OfTheLogItself).Where(template => !templates.Contains(template));
        Assert.True(!idle.Any(), string.Join('\n', idle.Prepend("nothing logs these (when one was reworded, reword it in JournalKind and keep its id):")));
    }

    [Fact]
    public void Every_kind_has_an_id_of_its_own()
    {
        Assert.All(JournalKind.All.Values, id => Assert.Matches("^[0-9a-f]{32}$", id));
        Assert.Equal(JournalKind.All.Count, JournalKind.All.Values.Distinct().Count());
    }

    [Fact]
    public void A_template_is_found_however_the_call_is_written() => Assert.Equal(
        [
            (1, "{Device}: closed"), (2, "a"), (3, "split in two"), (6, "on a line of its own"), (8, "say \"{Word}\""), (9, "by level"), (10, "nested"),
            (11, null), (12, null), (13, null), (14, null), (15, null),
        ],
        LogTemplates.In(""""
            log.LogInformation("{Device}: closed", device);
            log?.LogError(e, "a");
            _log.LogWarning(Problem("not this"), "split " + "in two", x);
            // nothing here
            logger
                .LogDebug(
                    "on a line of its own", 1);
            log.LogCritical("say \"{Word}\"", "x");
            log.Log(LogLevel.Error, "by level");
            Do(() => log.LogError(new E("x", [1, 2]), "nested"));
            log.LogError($"no constant {x}");
            log.LogError(template, x);
            log.LogError("a" + x);
            log.LogError(@"verbatim");
            log.LogError("""raw""");
            """"));

    private static string Root([CallerFilePath] string here = "")
    {
        foreach (var start in new[] { AppContext.BaseDirectory, Path.GetDirectoryName(here)! })
        {
            for (var directory = start; directory is not null; directory = Path.GetDirectoryName(directory))
            {
                if (File.Exists(Path.Combine(directory, "ThatDam.slnx")))
                    return directory;
            }
        }
        throw new InvalidOperationException("ThatDam.slnx lies above neither the tests' program nor their source.");
    }
}
