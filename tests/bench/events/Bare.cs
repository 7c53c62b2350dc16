using System.Diagnostics;
using System.Text;
using RabbitMQ.Client;

namespace ThatDam.Events.Bench;

/// <summary>What one would use without an outbox: RabbitMQ.Client alone, with the same guarantees at the broker (persistent, mandatory, confirmed), none before it.</summary>
internal sealed class Bare(IChannel channel, string exchange) : IAsyncDisposable
{
    public static async Task<Bare> OpenAsync(IConnection connection, string exchange) => new(
        await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true)), exchange);

    /// <summary>Publishes one, and waits for its confirm.</summary>
    public async Task PublishAsync(string id, string topic, string body) => await channel.BasicPublishAsync(
        exchange, topic, mandatory: true, new BasicProperties { Persistent = true, MessageId = id, Type = topic, ContentType = "application/json" }, Encoding.UTF8.GetBytes(body));

    /// <summary>Publishes each of the events of several devices, one after the other for each device, the devices side by side. Returns events a second.</summary>
    public async Task<double> RunAsync(int devices, int each, string body)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, devices).Select(async device =>
        {
            for (var i = 0; i < each; i++)
                await PublishAsync($"{device}-{i}", "capture.bench", body);
        }));
        return devices * each / watch.Elapsed.TotalSeconds;
    }

    public ValueTask DisposeAsync() => channel.DisposeAsync();
}
