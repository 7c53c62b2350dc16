using System.Collections.Concurrent;
using System.Threading.Channels;
using RabbitMQ.Client.Exceptions;
using ThatDam.Agent.State;
using ThatDam.Agent.Supervision;
using ThatDam.Agent.Tenancy;
using ThatDam.Contract;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Publishing;

/// <summary>
/// Brings the outbox to the broker, for as long as it takes: connects, sends, and marks what the broker has confirmed; after any failure
/// connects anew and sends the rest again with the same message ids. Events of a device go one after another, devices side by side.
/// Nothing that happens here ends the daemon. Without a URL it does nothing (local mode).
/// </summary>
public sealed class BrokerPublisher : IAsyncDisposable
{
    private const int BatchSize = 256;
    private const int Window = 64;
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    // The end of one that stood so long is no failure to connect.
    private static readonly TimeSpan LongConnection = TimeSpan.FromSeconds(30);

    // A device whose events the broker refuses is left alone for so long; the others go on.
    private static readonly TimeSpan RefusedPause = TimeSpan.FromSeconds(5);

    private readonly BrokerOptions _options;
    private readonly IReadOnlyList<BrokerAddress> _addresses;
    private readonly EventOutbox _outbox;
    private readonly Func<IReadOnlyList<(ContractEvent Event, string? Device)>> _greeting;
    private readonly BrokerRequests? _requests;
    private readonly TimeProvider _time;
    private readonly ILogger<BrokerPublisher> _logger;
    private readonly BrokerTroubles _troubles;
    private readonly ReconnectBackoff _backoff = new(Random.Shared.NextDouble);
    private readonly Channel<bool> _added = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stopAsked = new();
    private readonly CancellationTokenSource _stopNow = new();
    private Task? _running;
    private readonly Dictionary<string, long> _refused = []; // streams whose event the broker refused, and when
    private bool _greeted;
    private volatile BrokerAddress? _address;
    private volatile bool _connected;
    private long _returned;
    private long _connections;

    /// <summary>Prepares it; <see cref="Start"/> sets it going.</summary>
    /// <param name="options">[Broker].</param>
    /// <param name="events">[Events].</param>
    /// <param name="outbox">What to send.</param>
    /// <param name="greeting">What to say at the first connection of this process, and about which device. Called once, on any thread.</param>
    /// <param name="time">The clock of the waits.</param>
    /// <param name="logger">Told of each problem once.</param>
    public BrokerPublisher(
        BrokerOptions options, OutboxOptions events, EventOutbox outbox, Func<IReadOnlyList<(ContractEvent Event, string? Device)>> greeting,
        TimeProvider time, ILogger<BrokerPublisher> logger)
    {
        (_options, _outbox, _greeting, _time, _logger) = (options, outbox, greeting, time, logger);
        _addresses = [.. options.Urls.Select(url => new BrokerAddress(url))];
        _address = _addresses.Count > 0 ? _addresses[0] : null;
        _requests = events.RequestTopic.Length > 0 ? new BrokerRequests(events.RequestTopic, OnRequestedAsync, time) : null;
        _troubles = new BrokerTroubles(logger);
        Pulse = new LoopPulse("publishing", time);
        Pulse.Poked += OnPoked;
    }

    /// <summary>Its loop's. Without a broker there is no loop, and it beats when it is poked.</summary>
    public LoopPulse Pulse { get; }

    /// <summary>Told when a message on [Events] RequestTopic asks for the device list, with its correlation id; on a thread of the client.</summary>
    public event Func<string?, Task>? ListRequested;

    /// <summary>How it stands. Where the state cannot be read that is the problem, and the counts are 0.</summary>
    public EventsStatus Status()
    {
        var problem = _troubles.Current;
        var figures = new OutboxFigures(0, 0, null, 0, 0, 0);
        try
        {
            figures = _outbox.Figures();
        }
        catch (ProblemException e)
        {
            problem = new BrokerProblem(e.Problem.Detail, e.Problem.Remedy ?? "");
        }
        return new EventsStatus
        {
            Broker = _address?.ToString(),
            Exchange = _address is null ? null : _options.Exchange,
            Connected = _connected && problem is null,
            Problem = problem?.ToString() ?? (_address is { } address && !_connected ? $"The connection to the broker {address} is being made." : null),
            Pending = figures.Pending,
            PendingBytes = figures.PendingBytes,
            Oldest = figures.Oldest,
            Confirmed = figures.Confirmed,
            Returned = Interlocked.Read(ref _returned),
            Dropped = figures.Dropped,
            Coalesced = figures.Coalesced,
            Connections = Interlocked.Read(ref _connections),
        };
    }

    /// <summary>Sets it going. In local mode nothing happens.</summary>
    public void Start()
    {
        if (_addresses.Count == 0 || _running is not null)
            return;
        _outbox.Added += OnAdded;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Sends what is there, if the broker is, and ends. Returns when that is done, or a little after the limit.</summary>
    /// <param name="limit">How long it may take.</param>
    public async Task StopAsync(TimeSpan limit)
    {
        if (_running is not { } running)
            return;
        await _stopAsked.CancelAsync().ConfigureAwait(false);
        _stopNow.CancelAfter(limit);
        try
        {
            await running.WaitAsync(limit + CloseLimit, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _logger.LogWarning("The connection to the broker {Broker} does not end; it is left behind.", _address);
        }
        _outbox.Added -= OnAdded;
    }

    /// <summary>Ends it at once.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.Zero).ConfigureAwait(false);

    private async Task RunAsync()
    {
        while (true)
        {
            Pulse.Beat();
            // Asked to stop with events left, one more round is made: the broker may have just come back.
            var last = _stopAsked.IsCancellationRequested;
            try
            {
                if (last && _outbox.Figures().Pending == 0)
                    return;
                using var connection = await ConnectAsync().ConfigureAwait(false);
                if (connection is not null && await UseAsync(connection).ConfigureAwait(false))
                    return;
            }
            catch (Exception) when (_stopNow.IsCancellationRequested)
            {
                // Given up half-way, as asked.
            }
            catch (Exception e)
            {
                _logger.LogError(e, "The publisher of events failed; it goes on.");
            }
            if (last || _stopNow.IsCancellationRequested)
                return;
            await PauseAsync(_stopAsked.Token).ConfigureAwait(false);
        }
    }

    private async Task<BrokerConnection?> ConnectAsync()
    {
        foreach (var address in _addresses)
        {
            _address = address;
            using var waits = Pulse.WaitOutside();
            try
            {
                return await BrokerConnection.OpenAsync(address, _options, _time, _troubles.Notice, _requests, _stopNow.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (!_stopNow.IsCancellationRequested)
            {
                _troubles.Tell(BrokerProblems.Of(e, address, _options.Exchange));
            }
        }
        return null;
    }

    // Returns whether it was asked to stop and nothing is left.
    private async Task<bool> UseAsync(BrokerConnection connection)
    {
        using var given = _stopNow.Token.Register(() => connection.Abandon());
        Interlocked.Increment(ref _connections);
        var began = _time.GetTimestamp();
        try
        {
            Greet();
            _connected = true;
            if (_troubles.Opened())
                LogConnected(connection);
            new BrokerAlarm(connection, _troubles, _logger).Follow();
            await DrainAsync(connection).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (!_stopNow.IsCancellationRequested)
        {
            connection.Abandon();
            _troubles.Tell(BrokerProblems.Of(e, connection.Address, _options.Exchange));
            return false;
        }
        finally
        {
            _connected = false;
            if (_time.GetElapsedTime(began) > LongConnection)
                _backoff.Reset();
            using (Pulse.WaitOutside())
                await connection.CloseAsync(CloseLimit).ConfigureAwait(false);
        }
    }

    // Returns when it was asked to stop and nothing waits; otherwise it throws what ended the connection.
    private async Task DrainAsync(BrokerConnection connection)
    {
        using var wake = CancellationTokenSource.CreateLinkedTokenSource(connection.Ended, _stopAsked.Token);
        while (true)
        {
            Pulse.Beat();
            connection.ThrowIfEnded();
            foreach (var stream in _refused.Where(refused => _time.GetElapsedTime(refused.Value) >= RefusedPause).Select(refused => refused.Key).ToList())
                _refused.Remove(stream);
            var batch = _outbox.Pending(BatchSize, _refused.Keys);
            if (batch.Count > 0)
            {
                await SendAsync(connection, batch).ConfigureAwait(false);
                continue;
            }
            if (_stopAsked.IsCancellationRequested)
                return;
            using var again = new CancellationTokenSource(_refused.Count > 0 ? RefusedPause : Timeout.InfiniteTimeSpan, _time);
            using var woken = CancellationTokenSource.CreateLinkedTokenSource(wake.Token, again.Token);
            try
            {
                await _added.Reader.ReadAsync(woken.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The next turn knows why.
            }
        }
    }

    private async Task SendAsync(BrokerConnection connection, IReadOnlyList<OutboxEvent> batch)
    {
        var confirmed = new ConcurrentQueue<long>();
        var refused = new ConcurrentQueue<string>();
        using var waits = Pulse.WaitOutside(); // each message has its deadline
        try
        {
            await Parallel.ForEachAsync(
                batch.GroupBy(e => e.Stream),
                new ParallelOptions { MaxDegreeOfParallelism = Window },
                async (stream, cancellation) =>
                {
                    try
                    {
                        foreach (var e in stream.TakeWhile(_ => !cancellation.IsCancellationRequested))
                        {
                            if (await connection.PublishAsync(e).ConfigureAwait(false))
                            {
                                Interlocked.Increment(ref _returned);
                                _troubles.Notice(BrokerProblems.NoQueue(connection.Address, _options.Exchange, e.Topic));
                            }
                            confirmed.Enqueue(e.Id);
                        }
                    }
                    catch (PublishException)
                    {
                        // The rest of this stream waits for its turn: order is kept.
                        refused.Enqueue(stream.Key);
                    }
                    catch (Exception e)
                    {
                        // So that no other stream waits for it.
                        connection.Abandon(e);
                        throw;
                    }
                }).ConfigureAwait(false);
        }
        catch (Exception)
        {
            _troubles.WhileSending();
            throw;
        }
        finally
        {
            if (!confirmed.IsEmpty)
                await RecordAsync(connection, confirmed, well: refused.IsEmpty && _refused.Count == 0).ConfigureAwait(false);
        }
        foreach (var stream in refused)
            _refused[stream] = _time.GetTimestamp();
        if (!refused.IsEmpty)
        {
            _troubles.WhileSending();
            _troubles.Tell(BrokerProblems.Nacked(connection.Address));
        }
    }

    private async Task RecordAsync(BrokerConnection connection, IReadOnlyCollection<long> confirmed, bool well)
    {
        while (true)
        {
            try
            {
                _outbox.Confirm(confirmed);
                break;
            }
            catch (ProblemException e) when (!_stopNow.IsCancellationRequested)
            {
                // To send them all again would not help a full disk.
                _troubles.WhileSending();
                _troubles.Tell(new BrokerProblem(e.Problem.Detail, e.Problem.Remedy ?? ""));
                await PauseAsync(_stopNow.Token).ConfigureAwait(false);
            }
        }
        if (!well)
            return;
        _backoff.Reset();
        if (_troubles.Confirmed())
            LogConnected(connection);
    }

    private void Greet()
    {
        if (_greeted)
            return;
        try
        {
            _outbox.Commit(_greeting(), Caller.Daemon);
            _greeted = true;
        }
        catch (ProblemException e)
        {
            // The state cannot be written: at the next connection, then.
            _logger.LogWarning("What is told at the first connection cannot be kept: {Problem}", e.Message);
        }
    }

    private void LogConnected(BrokerConnection connection) => _logger.LogInformation(
        "Connected to the broker {Broker}, exchange {Exchange}; {Pending} events wait", connection.Address, _options.Exchange, _outbox.Figures().Pending);

    // Poked, it comes round all the same.
    private async Task PauseAsync(CancellationToken end)
    {
        using var pause = new CancellationTokenSource(_backoff.Next(), _time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, end);
        try
        {
            while (true)
            {
                await _added.Reader.ReadAsync(over.Token).ConfigureAwait(false);
                Pulse.Beat();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void OnAdded() => _added.Writer.TryWrite(true);

    private void OnPoked()
    {
        if (_running is null)
            Pulse.Beat();
        else
            OnAdded();
    }

    private async Task OnRequestedAsync(string? correlation)
    {
        try
        {
            if (ListRequested is { } requested)
                await requested(correlation).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _logger.LogWarning("A request for the device list over the broker could not be met: {Problem}", e.Message);
        }
    }
}
