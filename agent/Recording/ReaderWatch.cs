using System.Globalization;

namespace ThatDam.Agent.Recording;

/// <summary>
/// Whether a process that reads nothing is at work all the same, as on a machine that has too much to do: a thread of it runs or waits for
/// the disk, or has run since the last look; the first look cannot tell that, and excuses one that sleeps. One that was stopped, or waits for what never comes, is not. Looks twice a second at most.
/// Source: proc_pid_stat(5), state, utime, stime.
/// </summary>
/// <param name="pid">The process.</param>
/// <param name="proc">Where the kernel tells it.</param>
internal sealed class ReaderWatch(int pid, string proc = "/proc")
{
    private const int Look_ms = 500;
    private const int StateField = 0; // counted from the one after the name
    private const int UserTimeField = 11;
    private const int SystemTimeField = 12;

    private long _looked_ms = long.MinValue / 2;
    private long? _ticks;
    private bool _atWork;

    /// <summary>Whether it is at work.</summary>
    public bool IsAtWork()
    {
        var now_ms = Environment.TickCount64;
        if (now_ms - _looked_ms < Look_ms)
            return _atWork;
        _looked_ms = now_ms;
        return _atWork = Look();
    }

    private bool Look()
    {
        var (busy, sleeps, stopped, ticks) = (false, false, false, 0L);
        try
        {
            foreach (var task in Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"{proc}/{pid}/task")))
            {
                var fields = Fields(task);
                if (fields.Length <= SystemTimeField)
                    continue;
                busy |= fields[StateField] is "R" or "D";
                sleeps |= fields[StateField] is "S";
                stopped |= fields[StateField] is "T";
                ticks += Ticks(fields[UserTimeField]) + Ticks(fields[SystemTimeField]);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // it has ended
        }
        var ran = _ticks is null ? sleeps : ticks > _ticks;
        _ticks = ticks;
        return !stopped && (busy || ran);
    }

    // The name stands in parentheses and may hold any character.
    private static string[] Fields(string task)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(task, "stat"));
            return stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // the thread has ended
        }
    }

    private static long Ticks(string field) => long.TryParse(field, CultureInfo.InvariantCulture, out var ticks) ? ticks : 0;
}
