using System.Net.Sockets;
using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using ThatDam.Agent.State;
using ThatDam.Agent.Tenancy;

namespace ThatDam.Agent.Publishing;

/// <summary>
/// One connection to the broker, from its opening to its end; never mended, only replaced. Whatever ends it ends every call on it. Any
/// thread may publish; what the client calls back never throws into it.
/// </summary>
internal sealed class BrokerConnection : IDisposable
{
    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AbandonLimit = TimeSpan.FromSeconds(5);

    // Each wakes some ten threads, at either end's half of it, and an idle daemon is to sleep. A host that is gone is found sooner by TCP's
    // keepalive, which the kernel does alone, and a broker that hangs by the confirm that does not come.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(100);
    private const int KeepAliveAfter_s = 10, KeepAliveEvery_s = 5, KeepAliveTries = 3;
    private const int IPPROTO_TCP = 6, TCP_USER_TIMEOUT = 18, Unacknowledged_ms = 25_000;

    private static readonly CreateChannelOptions Confirming = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private readonly BrokerOptions _options;
    private readonly TimeProvider _time;
    private readonly List<Socket> _sockets = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();
    private IConnection? _connection;
    private IChannel? _channel;
    private BrokerTls? _tls;
    private Exception? _reason;
    private TaskCompletionSource? _blocked;
    private string? _blockedReason;
    private int _abandoned;

    private BrokerConnection(BrokerAddress address, BrokerOptions options, TimeProvider time) => (Address, _options, _time) = (address, options, time);

    /// <summary>Where it leads.</summary>
    public BrokerAddress Address { get; }

    /// <summary>Cancelled when it has ended.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Why the broker takes no messages for now (its alarm); null when it takes them.</summary>
    public string? BlockedReason => Volatile.Read(ref _blockedReason);

    /// <summary>Told when <see cref="BlockedReason"/> has changed; on a thread of the client.</summary>
    public event Action? BlockedChanged;

    /// <summary>Connects, logs in, declares what is to be declared. Within 10 s or not at all; after a failure nothing is left open.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="options">How.</param>
    /// <param name="time">The clock of the deadlines.</param>
    /// <param name="notice">Told what is not as configured, but does no harm.</param>
    /// <param name="requests">Whom to tell of requests; null: there are none.</param>
    /// <param name="stop">Gives it up.</param>
    public static async Task<BrokerConnection> OpenAsync(
        BrokerAddress address, BrokerOptions options, TimeProvider time, Action<BrokerProblem> notice, BrokerRequests? requests, CancellationToken stop)
    {
        var connection = new BrokerConnection(address, options, time);
        try
        {
            using var limit = new CancellationTokenSource(OpenLimit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
            var opening = connection.ConnectAsync(notice, requests, either.Token);
            Observe(opening);
            await opening.WaitAsync(either.Token).ConfigureAwait(false);
            return connection;
        }
        catch (Exception e)
        {
            var reason = connection._reason;
            connection.Abandon();
            if (connection._tls?.Refusal is { } refusal)
                throw new BrokerProblemException(refusal);
            if (connection is { _tls.IsAccepted: true, _connection: null } && BrokerProblems.IsHangUp(e))
                throw new BrokerProblemException(BrokerProblems.OwnCertificate(address));
            if (e is OperationCanceledException && reason is not null)
                throw reason;
            throw;
        }
    }

    /// <summary>Throws why it ended, if it has.</summary>
    public void ThrowIfEnded()
    {
        if (Volatile.Read(ref _reason) is { } reason)
            throw reason;
    }

    /// <summary>
    /// Sends an event and waits until the broker has it. While the broker takes none, waits without a limit; otherwise an event that is not
    /// confirmed in time ends the connection, and whether the broker has it is not known.
    /// </summary>
    /// <returns>Whether it came back because no queue is bound for it; the broker has then dropped it.</returns>
    /// <exception cref="PublishException">The broker refused it (nack).</exception>
    public async Task<bool> PublishAsync(OutboxEvent e)
    {
        await UnblockedAsync().ConfigureAwait(false);
        // Without a token, on purpose: after a cancelled publish the client gives its sequence number to the next one, and so its confirm.
        var sent = _channel!.BasicPublishAsync(_options.Exchange, e.Topic, mandatory: true, Properties(e), Encoding.UTF8.GetBytes(e.Body)).AsTask();
        while (true)
        {
            try
            {
                await sent.WaitAsync(_options.ConfirmTimeout, _time, Ended).ConfigureAwait(false);
                return false;
            }
            catch (PublishReturnException)
            {
                return true;
            }
            catch (TimeoutException) when (!sent.IsCompleted)
            {
                if (_blocked is null)
                    End(new BrokerProblemException(BrokerProblems.NoConfirm(Address, _options.ConfirmTimeout)));
                await UnblockedAsync().ConfigureAwait(false);
            }
            catch (Exception failed) when (failed is not PublishException)
            {
                Observe(sent);
                ThrowIfEnded();
                throw;
            }
        }
    }

    /// <summary>Ends it in peace; when that does not work in time, without.</summary>
    public async Task CloseAsync(TimeSpan limit)
    {
        try
        {
            if (_connection is { IsOpen: true } open && !Ended.IsCancellationRequested)
                await open.CloseAsync(limit).WaitAsync(limit, _time).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It is abandoned all the same.
        }
        Abandon();
    }

    /// <summary>Ends it at once: the socket is closed, and what the client still holds is disposed of behind its back.</summary>
    public void Abandon(Exception? reason = null)
    {
        End(reason ?? new OperationCanceledException());
        if (Interlocked.Exchange(ref _abandoned, 1) != 0)
            return;
        lock (_gate)
        {
            foreach (var socket in _sockets)
                socket.Dispose();
        }
        _ = DisposeClientAsync();
    }

    /// <inheritdoc cref="Abandon"/>
    public void Dispose() => Abandon();

    private async Task ConnectAsync(Action<BrokerProblem> notice, BrokerRequests? requests, CancellationToken cancellation)
    {
        var factory = new ConnectionFactory
        {
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            UserName = Address.User,
            Password = BrokerPassword.Find(_options, Address, Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY")),
            VirtualHost = Address.VirtualHost,
            RequestedHeartbeat = Heartbeat,
            RequestedConnectionTimeout = OpenLimit,
            HandshakeContinuationTimeout = OpenLimit,
            ContinuationTimeout = OpenLimit,
            SocketFactory = family =>
            {
                var client = ConnectionFactoryBase.DefaultSocketFactory(family);
                client.Client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                client.Client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveAfter_s);
                client.Client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveEvery_s);
                client.Client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveTries);
                // TCP_USER_TIMEOUT (tcp(7)): while something is unacknowledged no keepalive is sent.
                client.Client.SetRawSocketOption(IPPROTO_TCP, TCP_USER_TIMEOUT, BitConverter.GetBytes(Unacknowledged_ms));
                lock (_gate)
                    _sockets.Add(client.Client);
                if (Ended.IsCancellationRequested)
                    client.Client.Dispose();
                return client;
            },
        };
        _tls = Address.IsTls ? BrokerTls.Load(_options) : null;
        var endpoint = new AmqpTcpEndpoint(Address.Host, Address.Port, _tls?.For(Address) ?? new SslOption());
        _connection = await factory.CreateConnectionAsync([endpoint], $"thatdam-capture@{Environment.MachineName}", cancellation).ConfigureAwait(false);
        _connection.ConnectionShutdownAsync += (_, reason) => EndedBy(reason);
        _connection.ConnectionBlockedAsync += (_, blocked) => Blocked(blocked.Reason);
        _connection.ConnectionUnblockedAsync += (_, _) => Blocked(null);
        if (Ended.IsCancellationRequested)
        {
            // Given up while it was on its way.
            await DisposeClientAsync().ConfigureAwait(false);
            return;
        }
        await new BrokerTopology(_connection, Address, _options, notice).DeclareAsync(cancellation).ConfigureAwait(false);
        if (requests is not null)
            await requests.ListenAsync(_connection, Address, _options.Exchange, notice, EndedBy, cancellation).ConfigureAwait(false);
        _channel = await _connection.CreateChannelAsync(Confirming, cancellation).ConfigureAwait(false);
        _channel.ChannelShutdownAsync += (_, reason) => EndedBy(reason);
    }

    private static BasicProperties Properties(OutboxEvent e) => new()
    {
        MessageId = e.EventId,
        Type = e.Topic,
        Timestamp = new AmqpTimestamp(e.Committed.ToUnixTimeSeconds()),
        ContentType = "application/json",
        ContentEncoding = "utf-8",
        DeliveryMode = DeliveryModes.Persistent,
        AppId = Caller.ServiceName,
    };

    private Task UnblockedAsync()
    {
        ThrowIfEnded();
        return Volatile.Read(ref _blocked) is { } blocked ? UntilAsync(blocked.Task) : Task.CompletedTask;
    }

    private async Task UntilAsync(Task unblocked)
    {
        try
        {
            await unblocked.WaitAsync(Ended).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            ThrowIfEnded();
            throw;
        }
    }

    private Task Blocked(string? reason)
    {
        TaskCompletionSource? over = null;
        lock (_gate)
        {
            if (reason is not null)
                _blocked ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            else
                (over, _blocked) = (_blocked, null);
            _blockedReason = reason;
        }
        BlockedChanged?.Invoke();
        over?.SetResult();
        return Task.CompletedTask;
    }

    private Task EndedBy(ShutdownEventArgs reason)
    {
        End(new OperationInterruptedException(reason));
        return Task.CompletedTask;
    }

    // What waits for the end goes on elsewhere: this may be a thread of the client.
    private void End(Exception reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
            _ = _ended.CancelAsync();
    }

    private async Task DisposeClientAsync()
    {
        try
        {
            if (_connection is { } connection)
                await connection.DisposeAsync().AsTask().WaitAsync(AbandonLimit, _time).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Its socket is closed; there is nothing more to be done.
        }
        _tls?.Dispose();
    }

    private static void Observe(Task task) =>
        task.ContinueWith(ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
