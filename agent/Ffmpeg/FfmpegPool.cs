using ThatDam.Contract;

namespace ThatDam.Agent.Ffmpeg;

/// <summary>
/// ffmpeg processes that wait for their first frame, so that a recording starts without starting a program. Keyed by the whole command
/// line; a taken one is replaced in the background, and so is one that ended while it waited. For any thread.
/// </summary>
public sealed class FfmpegPool : IAsyncDisposable
{
    // A recording that has just begun needs the processor more than the next one does.
    private static readonly TimeSpan RefillDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(1);

    private readonly FfmpegOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<FfmpegPool> _logger;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, WarmLine> _lines = [];
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _refilling;
    private long _hits;
    private long _misses;
    private long _ended;

    /// <summary>An empty pool; <see cref="SetWarm"/> fills it.</summary>
    public FfmpegPool(FfmpegOptions options, TimeProvider time, ILogger<FfmpegPool> logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _refilling = Task.Run(RefillAsync);
    }

    /// <summary>How many ended while they waited, and were replaced.</summary>
    public long Ended => Interlocked.Read(ref _ended);

    /// <summary>How it stands.</summary>
    public PoolStatus Status()
    {
        lock (_lock)
        {
            return new PoolStatus
            {
                Size = _options.PoolSize,
                Warm = _lines.Values.Sum(line => line.Waiting.Count(process => !process.Exited.IsCompleted)),
                Hits = _hits,
                Misses = _misses,
            };
        }
    }

    /// <summary>Says which command lines are to be kept warm from now on. Those that are no longer named are ended.</summary>
    public void SetWarm(IReadOnlyCollection<IReadOnlyList<string>> commandLines)
    {
        var wanted = commandLines.DistinctBy(Key).ToDictionary(Key);
        List<FfmpegProcess> unwanted = [];
        lock (_lock)
        {
            foreach (var (key, line) in _lines.Where(entry => !wanted.ContainsKey(entry.Key)).ToList())
            {
                unwanted.AddRange(line.Waiting);
                _lines.Remove(key);
            }

            foreach (var (key, arguments) in wanted)
                _lines.TryAdd(key, new WarmLine(arguments));
        }

        foreach (var process in unwanted)
            process.Dispose();
        _wake.Release();
    }

    /// <summary>Gives one that runs this command line: one that waits, or else a new one. The caller disposes it.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="warm">Whether it was waiting.</param>
    /// <exception cref="ProblemException">503: there is no ffmpeg, or it does not start.</exception>
    public FfmpegProcess Take(IReadOnlyList<string> arguments, out bool warm)
    {
        FfmpegProcess? found = null;
        lock (_lock)
        {
            if (_lines.TryGetValue(Key(arguments), out var line))
                found = line.TakeLiving();
            warm = found is not null;
            _ = warm ? _hits++ : _misses++;
        }

        _wake.Release();
        return found ?? FfmpegProcess.Start(FfmpegProgram.Find(_options), arguments);
    }

    /// <summary>Ends those that wait.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _refilling.ConfigureAwait(false);
        SetWarm([]);
        _stop.Dispose();
        _wake.Dispose();
    }

    private static string Key(IReadOnlyList<string> arguments) => string.Join('\0', arguments);

    private async Task RefillAsync()
    {
        try
        {
            while (true)
            {
                var next = Refill();
                if (await _wake.WaitAsync(next, _stop.Token).ConfigureAwait(false))
                    await Task.Delay(RefillDelay, _time, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Replaces the ended and starts the missing. Returns how long until the next attempt at a command line that fails.</summary>
    private TimeSpan Refill()
    {
        var next = Timeout.InfiniteTimeSpan;
        List<WarmLine> lines;
        lock (_lock)
            lines = [.. _lines.Values];
        foreach (var line in lines)
        {
            TakeAwayEnded(line);
            var missing = _options.PoolSize - Waiting(line);
            var wait = line.Pause(_time);
            if (missing <= 0)
                continue;
            if (wait > TimeSpan.Zero)
                next = Earlier(next, wait);
            else if (!StartAll(line, missing))
                next = Earlier(next, line.Failed(_time, FirstBackoff, LongestBackoff));
        }

        return next;
    }

    private int Waiting(WarmLine line)
    {
        lock (_lock)
            return line.Waiting.Count;
    }

    private void TakeAwayEnded(WarmLine line)
    {
        List<FfmpegProcess> ended;
        lock (_lock)
            ended = line.TakeEnded();
        foreach (var process in ended)
        {
            Interlocked.Increment(ref _ended);
            _logger.LogWarning(
                "A waiting ffmpeg ({Pid}) {End}: {Reason}", process.Id, process.Exited.GetAwaiter().GetResult(), process.Log.Reason ?? "it said nothing");
            line.Failed(_time, FirstBackoff, LongestBackoff);
            process.Dispose();
        }
    }

    private bool StartAll(WarmLine line, int count)
    {
        try
        {
            for (var i = 0; i < count; i++)
                Keep(line, FfmpegProcess.Start(FfmpegProgram.Find(_options), line.Arguments));
            return true;
        }
        catch (ProblemException problem)
        {
            _logger.LogWarning("No ffmpeg is kept warm: {Problem}", problem.Message);
            return false;
        }
    }

    private void Keep(WarmLine line, FfmpegProcess process)
    {
        bool wanted;
        lock (_lock)
        {
            wanted = _lines.ContainsValue(line);
            if (wanted)
                line.Waiting.Add(process);
        }

        if (wanted)
            process.Exited.ContinueWith(_ => Wake(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        else
            process.Dispose();
    }

    private void Wake()
    {
        if (!_stop.IsCancellationRequested)
            _wake.Release();
    }

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a == Timeout.InfiniteTimeSpan || b < a ? b : a;

    /// <summary>One command line that is kept warm. Under the pool's lock, but for its backoff, which only the refilling knows.</summary>
    private sealed class WarmLine(IReadOnlyList<string> arguments)
    {
        private TimeSpan _backoff;
        private long _failed;

        public IReadOnlyList<string> Arguments { get; } = arguments;

        public List<FfmpegProcess> Waiting { get; } = [];

        /// <summary>How long until the next attempt.</summary>
        public TimeSpan Pause(TimeProvider time) => _backoff == TimeSpan.Zero ? TimeSpan.Zero : _backoff - time.GetElapsedTime(_failed);

        public FfmpegProcess? TakeLiving()
        {
            var place = Waiting.FindIndex(process => !process.Exited.IsCompleted);
            if (place < 0)
                return null;
            var process = Waiting[place];
            Waiting.RemoveAt(place);
            _backoff = TimeSpan.Zero;
            return process;
        }

        public List<FfmpegProcess> TakeEnded()
        {
            var ended = Waiting.Where(process => process.Exited.IsCompleted).ToList();
            Waiting.RemoveAll(ended.Contains);
            return ended;
        }

        public TimeSpan Failed(TimeProvider time, TimeSpan first, TimeSpan longest)
        {
            _backoff = _backoff == TimeSpan.Zero ? first : TimeSpan.FromTicks(Math.Min(_backoff.Ticks * 2, longest.Ticks));
            _failed = time.GetTimestamp();
            return _backoff;
        }
    }
}
