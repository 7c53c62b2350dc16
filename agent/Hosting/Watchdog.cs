using ThatDam.Agent.Supervision;

namespace ThatDam.Agent.Hosting;

/// <summary>
/// Feeds systemd's watchdog (WatchdogSec=, systemd.service(5)) only while every supervised loop comes round: each is poked, and must have beaten,
/// or wait for something outside, by the next look. While the disk of the state hangs nobody is blamed: a restart would not mend it. Runs on a thread of its own, so that a starved thread pool is noticed and not shared.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    // Looks in the time that systemd allows.
    private const int Looks = 5;

    private readonly IReadOnlyList<LoopPulse> _loops;
    private readonly Func<bool> _excused;
    private readonly Action _feed;
    private readonly ILogger _log;
    private readonly Dictionary<LoopPulse, long> _seen = [];
    private readonly ManualResetEventSlim _end = new();
    private Thread? _thread;
    private string _told = "";

    /// <param name="loops">Which loops.</param>
    /// <param name="excused">Whether something hangs that a restart would not mend.</param>
    /// <param name="feed">Tells systemd.</param>
    /// <param name="log">Told which loop hangs.</param>
    public Watchdog(IReadOnlyList<LoopPulse> loops, Func<bool> excused, Action feed, ILogger log) => (_loops, _excused, _feed, _log) = (loops, excused, feed, log);

    /// <summary>As long as systemd would wait, where it does not wait at all: the loops are looked at once a minute, for the log and <c>/v1/health</c>.</summary>
    public static readonly TimeSpan WithoutLimit = TimeSpan.FromMinutes(5);

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
        _thread = new Thread(() => Run(limit / Looks)) { IsBackground = true, Name = "watchdog" };
        _thread.Start();
    }

    /// <summary>One look; feeds if all loops came round.</summary>
    internal void Look()
    {
        var hung = _loops.Where(loop => !loop.Waits && _seen.TryGetValue(loop, out var before) && loop.Beats == before).Select(loop => loop.Name).ToList();
        foreach (var loop in _loops)
        {
            _seen[loop] = loop.Beats;
            loop.Poke();
        }
        if (hung.Count == 0 || _excused())
            _feed();
        var told = string.Join(", ", hung);
        if (told.Length > 0 && told != _told)
            _log.LogCritical("A loop of the daemon does not come round: {Loops}; unless it does, systemd restarts the daemon", told);
        _told = told;
    }

    private void Run(TimeSpan every)
    {
        do
            Look();
        while (!_end.Wait(every));
    }

    /// <summary>Feeds no more.</summary>
    public void Dispose()
    {
        _end.Set();
        _thread?.Join();
        _end.Dispose();
    }
}
