using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace ThatDam.Agent.Publishing;

/// <summary>
/// What the daemon declares at the broker: the exchange, and the queues that are configured. Each step has a channel of its own, for a
/// refused one closes it. What exists is used as it is, where it can be.
/// </summary>
/// <param name="connection">Open.</param>
/// <param name="address">Where it leads.</param>
/// <param name="options">What to declare.</param>
/// <param name="notice">Told what is not as configured, but does not keep events from going out.</param>
internal sealed class BrokerTopology(IConnection connection, BrokerAddress address, BrokerOptions options, Action<BrokerProblem> notice)
{
    private const string OtherType = "inequivalent arg 'type'";

    /// <summary>Declares all of it.</summary>
    /// <exception cref="BrokerProblemException">The exchange cannot be had.</exception>
    public async Task DeclareAsync(CancellationToken cancellation)
    {
        await DeclareExchangeAsync(cancellation).ConfigureAwait(false);
        foreach (var queue in options.Queues)
            await DeclareQueueAsync(queue, cancellation).ConfigureAwait(false);
    }

    private async Task DeclareExchangeAsync(CancellationToken cancellation)
    {
        try
        {
            await OnChannelAsync(
                channel => channel.ExchangeDeclareAsync(options.Exchange, ExchangeType.Topic, durable: true, autoDelete: false, cancellationToken: cancellation),
                cancellation).ConfigureAwait(false);
        }
        catch (OperationInterruptedException e) when (BrokerProblems.IsOtherwise(e))
        {
            var reason = e.ShutdownReason!.ReplyText;
            if (reason.Contains(OtherType, StringComparison.Ordinal))
                throw new BrokerProblemException(BrokerProblems.OtherType(address, options.Exchange, reason));
            notice(BrokerProblems.OtherProperties(address, options.Exchange, reason));
        }
        catch (OperationInterruptedException e) when (BrokerProblems.IsAccessRefused(e))
        {
            await FindExchangeAsync(cancellation).ConfigureAwait(false);
        }
    }

    // Who may not declare may still publish, if somebody else has declared it.
    private async Task FindExchangeAsync(CancellationToken cancellation)
    {
        try
        {
            await OnChannelAsync(channel => channel.ExchangeDeclarePassiveAsync(options.Exchange, cancellation), cancellation).ConfigureAwait(false);
        }
        catch (OperationInterruptedException e) when (BrokerProblems.IsMissing(e))
        {
            throw new BrokerProblemException(BrokerProblems.MayNotDeclare(address, options.Exchange));
        }
    }

    private async Task DeclareQueueAsync(BrokerQueue queue, CancellationToken cancellation)
    {
        var arguments = new Dictionary<string, object?> { ["x-max-length"] = options.QueueMaxMessages, ["x-overflow"] = "drop-head" };
        try
        {
            await OnChannelAsync(
                channel => channel.QueueDeclareAsync(queue.Name, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellation),
                cancellation).ConfigureAwait(false);
        }
        catch (OperationInterruptedException e) when (IsOfTheChannel(e))
        {
            notice(BrokerProblems.Queue(address, queue.Name, e.ShutdownReason!.ReplyText));
        }
        try
        {
            await OnChannelAsync(
                async channel =>
                {
                    foreach (var pattern in queue.Patterns)
                        await channel.QueueBindAsync(queue.Name, options.Exchange, pattern, cancellationToken: cancellation).ConfigureAwait(false);
                },
                cancellation).ConfigureAwait(false);
        }
        catch (OperationInterruptedException e) when (IsOfTheChannel(e))
        {
            notice(BrokerProblems.Queue(address, queue.Name, e.ShutdownReason!.ReplyText));
        }
    }

    private async Task OnChannelAsync(Func<IChannel, Task> step, CancellationToken cancellation)
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: cancellation).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
            await step(channel).ConfigureAwait(false);
    }

    /// <summary>Whether only the channel was closed for it: a reply code of AMQP's soft errors.</summary>
    public static bool IsOfTheChannel(OperationInterruptedException e) => e.ShutdownReason is { ReplyCode: >= 311 and not 320 and < 500 };
}
