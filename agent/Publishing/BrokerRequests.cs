using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace ThatDam.Agent.Publishing;

/// <summary>
/// Requests that come over the broker: a message on the topic, whatever is in it, asks for the device list. They wait in a queue of the
/// connection's own, at most 16; while nobody is connected nobody asks.
/// </summary>
/// <param name="topic">The topic.</param>
/// <param name="requested">Told of each, with the message's correlation id. Must not throw; the next one waits for it.</param>
/// <param name="time">The clock.</param>
internal sealed class BrokerRequests(string topic, Func<string?, Task> requested, TimeProvider time)
{
    private const int MaxWaiting = 16;

    // Whoever may publish on the topic must not keep the daemon busy.
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    // Of what an unknown client writes, no more than this gets into events.
    private const int MaxCorrelationBytes = 128;

    /// <summary>Listens on a connection until it ends. Where that is not allowed it is told, and nothing else happens.</summary>
    public async Task ListenAsync(
        IConnection connection, BrokerAddress address, string exchange, Action<BrokerProblem> notice, Func<ShutdownEventArgs, Task> ended, CancellationToken cancellation)
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: cancellation).ConfigureAwait(false);
        try
        {
            var queue = await channel.QueueDeclareAsync(
                "", durable: false, exclusive: true, autoDelete: true, new Dictionary<string, object?> { ["x-max-length"] = MaxWaiting }, cancellationToken: cancellation).ConfigureAwait(false);
            await channel.QueueBindAsync(queue.QueueName, exchange, topic, cancellationToken: cancellation).ConfigureAwait(false);
            await channel.BasicQosAsync(0, MaxWaiting, global: false, cancellation).ConfigureAwait(false);
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += (_, message) => ReceiveAsync(channel, message);
            await channel.BasicConsumeAsync(queue.QueueName, autoAck: false, consumer, cancellation).ConfigureAwait(false);
            channel.ChannelShutdownAsync += (_, reason) => ended(reason);
        }
        catch (OperationInterruptedException e) when (BrokerTopology.IsOfTheChannel(e))
        {
            notice(BrokerProblems.NoRequests(address, topic, e.ShutdownReason!.ReplyText));
        }
    }

    private async Task ReceiveAsync(IChannel channel, BasicDeliverEventArgs message)
    {
        try
        {
            var correlation = message.BasicProperties.CorrelationId;
            await requested(string.IsNullOrEmpty(correlation) || Encoding.UTF8.GetByteCount(correlation) > MaxCorrelationBytes ? null : correlation).ConfigureAwait(false);
            await Task.Delay(Least, time).ConfigureAwait(false);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationInterruptedException or OperationCanceledException or IOException)
        {
            // The connection is gone, and the queue with it.
        }
    }
}
