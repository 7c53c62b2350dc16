using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;

namespace ThatDam.Agent.Control;

/// <summary>
/// One client's stream of server-sent events (WHATWG HTML, 9.2): the whole state on connect and again whenever it is another. A client that
/// reads slowly skips states, it never falls behind.
/// </summary>
/// <param name="response">The client's.</param>
/// <param name="name">The events' name.</param>
/// <param name="time">The clock.</param>
/// <param name="gone">The client has left.</param>
internal sealed class EventStream(HttpResponse response, string name, TimeProvider time, CancellationToken gone)
{
    // A comment that tells us of a client that has gone without a word.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private byte[] _last = [];

    /// <summary>Says that the state may be another. For any thread; never blocks.</summary>
    public void Signal() => _changes.Writer.TryWrite(true);

    /// <summary>Sends until the client leaves or the daemon ends.</summary>
    /// <param name="state">The state now.</param>
    /// <param name="type">Its JSON.</param>
    /// <param name="again">How soon to look again without a signal; null: not at all.</param>
    /// <param name="ending">The daemon ends: the state is sent a last time.</param>
    public async Task SendAsync<T>(Func<T> state, JsonTypeInfo<T> type, Func<T, TimeSpan?> again, CancellationToken ending)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(gone, ending);
        while (!gone.IsCancellationRequested)
        {
            var last = ending.IsCancellationRequested;
            var now = state();
            await SendIfNewAsync(JsonSerializer.SerializeToUtf8Bytes(now, type)).ConfigureAwait(false);
            if (last)
                return;
            await WaitAsync(again(now), ends.Token).ConfigureAwait(false);
        }
    }

    private async Task SendIfNewAsync(byte[] json)
    {
        if (json.AsSpan().SequenceEqual(_last))
            return;
        _last = json;
        var body = response.Body;
        await body.WriteAsync(Encoding.UTF8.GetBytes($"event: {name}\ndata: "), gone).ConfigureAwait(false);
        await body.WriteAsync(json, gone).ConfigureAwait(false);
        await body.WriteAsync("\n\n"u8.ToArray(), gone).ConfigureAwait(false);
        await body.FlushAsync(gone).ConfigureAwait(false);
    }

    private async Task WaitAsync(TimeSpan? again, CancellationToken ends)
    {
        using var timeout = new CancellationTokenSource(again ?? KeepAlive, time);
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(ends, timeout.Token);
        try
        {
            await _changes.Reader.ReadAsync(wait.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // the last state is sent next
        }
        catch (OperationCanceledException)
        {
            if (again is null)
            {
                await response.Body.WriteAsync(": still here\n\n"u8.ToArray(), gone).ConfigureAwait(false);
                await response.Body.FlushAsync(gone).ConfigureAwait(false);
            }
        }
    }
}
