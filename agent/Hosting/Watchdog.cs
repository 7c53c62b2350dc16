using System.Diagnostics;
using ThatDam.Agent.Supervision;

namespace ThatDam.Agent.Hosting;

/// <summary>
/// Feeds systemd's watchdog (WatchdogSec=, systemd.service(5)) only while every supervised loop comes round: each is poked, and the watchdog fed
/// when all have beaten, or wait for something outside. While the disk of the state hangs nobody is blamed, for a restart would not mend it, nor
/// while the daemon ends, for files take their time to be final. Runs on a thread of its own, so that a starved thread pool is noticed and not shared.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    // Of the time that systemd allows, what passes between a round that was fed and the next: the rest is how long a loop may take. Each round
    // wakes some ten threads, and an idle daemon is to sleep.
    private const double Between = 0.7;

    // A loop that has not come round by then is poked again, in case its first try failed.
    private const double Again = 1.0 / 12;

    // Before systemd ends the daemon, the log says why.
    private const double Telling = 1.0 / 5;

    // Most loops have come round by then.
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Later = TimeSpan.FromMilliseconds(500);

    private readonly IReadOnlyList<LoopPulse> _loops;
    private readonly Func<bool> _excused;
    private readonly Action _feed;
    private readonly ILogger _log;
    private readonly Dictionary<LoopPulse, long> _seen = [];
    private readonly ManualResetEventSlim _end = new();
    private Thread? _thread;
    private string _told = "";

    /// <param name="loops">Which loops.</param>
    /// <param name="excused">Whether the loops may hang.</param>
    /// <param name="feed">Tells systemd.</param>
    /// <param name="log">Told which loop hangs.</param>
    public Watchdog(IReadOnlyList<LoopPulse> loops, Func<bool> excused, Action feed, ILogger log) => (_loops, _excused, _feed, _log) = (loops, excused, feed, log);

    /// <summary>As long as systemd would wait, where it does not wait at all: the loops are poked now and then, for the log and <c>/v1/health</c>.</summary>
    public static readonly TimeSpan WithoutLimit = TimeSpan.FromMinutes(2);

    /// <summary>How long systemd waits at most: WATCHDOG_USEC, where it is meant for this process; null: there is no watchdog.</summary>
    /// <param name="environment">The value of a variable, or null.</param>
    public static TimeSpan? Limit(Func<string, string?> environment) =>
        environment("WATCHDOG_PID") is { Length: > 0 } pid && pid != Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)
            ? null
            : long.TryParse(environment("WATCHDOG_USEC"), out var limit_us) && limit_us > 0 ? TimeSpan.FromMicroseconds(limit_us) : null;

    /// <summary>Feeds it from now on.</summary>
    /// <param name="limit">How long systemd waits.</param>
    public void Start(TimeSpan limit)
    {
        _thread = new Thread(() => Run(limit)) { IsBackground = true, Name = "watchdog" };
        _thread.Start();
    }

    /// <summary>Begins a round: pokes every loop.</summary>
    internal void Poke()
    {
        foreach (var loop in _loops)
        {
            _seen[loop] = loop.Beats;
            loop.Poke();
        }
    }

    /// <summary>Feeds if all have come round since.</summary>
    /// <returns>Whether it did; then the round is over.</returns>
    internal bool Look()
    {
        if (Hung().Any() && !_excused())
            return false;
        _feed();
        _told = "";
        return true;
    }

    private void Tell()
    {
        var hung = string.Join(", ", Hung().Select(loop => loop.Name));
        if (hung.Length > 0 && hung != _told)
            _log.LogCritical("A loop of the daemon does not come round: {Loops}; unless it does, systemd restarts the daemon", hung);
        _told = hung;
    }

    private IEnumerable<LoopPulse> Hung() => _loops.Where(loop => !loop.Waits && loop.Beats == _seen[loop]);

    private void Run(TimeSpan limit)
    {
        var began = Stopwatch.GetTimestamp(); // the round, with all its pokes
        while (true)
        {
            var poked = Stopwatch.GetTimestamp();
            Poke();
            var fed = false;
            for (var pause = First; !fed && Stopwatch.GetElapsedTime(poked) < limit * Again; pause = Later)
            {
                if (_end.Wait(pause))
                    return;
                fed = Look();
                if (!fed && Stopwatch.GetElapsedTime(began) > limit * Telling)
                    Tell();
            }
            if (!fed)
                continue;
            if (_end.Wait(limit * Between))
                return;
            began = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Feeds no more.</summary>
    public void Dispose()
    {
        _end.Set();
        _thread?.Join();
        _end.Dispose();
    }
}
