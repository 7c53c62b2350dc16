using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace ThatDam.EndToEnd.Tests;

/// <summary>A message as a consumer of the bus got it.</summary>
/// <param name="Topic">Its routing key.</param>
/// <param name="Redelivered">Whether the broker has delivered it before, perhaps.</param>
/// <param name="Properties">Its AMQP properties.</param>
/// <param name="Body">Its text.</param>
internal sealed record TappedEvent(string Topic, bool Redelivered, BasicProperties Properties, string Body)
{
    /// <summary>Its message id.</summary>
    public string MessageId => Properties.MessageId ?? "";

    /// <summary>Its body as JSON.</summary>
    public JsonElement Json { get; } = JsonDocument.Parse(Body).RootElement;

    /// <summary>A string of the body; empty where it is absent.</summary>
    public string Text(string field) => Json.TryGetProperty(field, out var value) ? value.ToString() : "";
}

/// <summary>
/// Takes every message of an exchange, from a durable queue of its own: what is published while the tap or the broker is away is kept.
/// Connects again by itself. A message is acknowledged after it was noted, so none is lost and one may come twice.
/// </summary>
internal sealed class EventTap : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Broker _broker;
    private readonly List<TappedEvent> _all = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    private EventTap(Broker broker, string exchange) => (_broker, Exchange) = (broker, exchange);

    /// <summary>The exchange.</summary>
    public string Exchange { get; }

    /// <summary>The queue.</summary>
    public string Queue => $"tap-{Exchange}";

    /// <summary>Every message so far, in order of arrival.</summary>
    public IReadOnlyList<TappedEvent> All
    {
        get
        {
            lock (_all)
                return [.. _all];
        }
    }

    /// <summary>Starts one on an exchange, which is declared (topic, durable) if it is missing; returns when its queue is bound.</summary>
    public static async Task<EventTap> StartAsync(Broker broker, string exchange)
    {
        var tap = new EventTap(broker, exchange);
        await tap.BindAsync();
        tap._running = Task.Run(tap.RunAsync);
        return tap;
    }

    /// <summary>Binds the queue again, after the exchange was deleted.</summary>
    public Task BindAsync() => _broker.OnChannelAsync(DeclareAsync);

    /// <summary>The messages of a topic so far.</summary>
    public IReadOnlyList<TappedEvent> Of(string topic) => [.. All.Where(e => e.Topic == topic)];

    /// <summary>Waits until the messages are as they should be.</summary>
    public async Task<IReadOnlyList<TappedEvent>> WaitAsync(Func<IReadOnlyList<TappedEvent>, bool> condition, string what, double seconds = 30)
    {
        await Eventually.TrueAsync(() => condition(All), $"{what}; there are: {string.Join(", ", All.Select(e => e.Topic))}", seconds);
        return All;
    }

    /// <summary>Waits for so many messages of a topic, each message id counted once, and returns those.</summary>
    public async Task<IReadOnlyList<TappedEvent>> WaitAsync(string topic, int count = 1, double seconds = 30)
    {
        await WaitAsync(all => Distinct(all).Count >= count, $"{count} × {topic}", seconds);
        return Distinct(All);

        List<TappedEvent> Distinct(IEnumerable<TappedEvent> all) => [.. all.Where(e => e.Topic == topic).DistinctBy(e => e.MessageId)];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ConsumeAsync();
            }
            catch (Exception)
            {
                // The broker is away: that is what tests are about.
            }
            await Task.WhenAny(Task.Delay(Pause, _stop.Token));
        }
    }

    private async Task ConsumeAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        await using var connection = await _broker.Factory().CreateConnectionAsync(limit.Token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: limit.Token);
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionShutdownAsync += (_, _) => Over();
        channel.ChannelShutdownAsync += (_, _) => Over();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, message) =>
        {
            lock (_all)
                _all.Add(new TappedEvent(message.RoutingKey, message.Redelivered, new BasicProperties(message.BasicProperties), Encoding.UTF8.GetString(message.Body.Span)));
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false);
        };
        await channel.BasicConsumeAsync(Queue, autoAck: false, consumer, limit.Token);
        await over.Task.WaitAsync(_stop.Token);

        Task Over()
        {
            over.TrySetResult();
            return Task.CompletedTask;
        }
    }

    private async Task DeclareAsync(IChannel channel)
    {
        await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Topic, durable: true, autoDelete: false);
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync(Queue, Exchange, "#");
    }
}
