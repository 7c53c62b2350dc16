using System.Net.Sockets;
using ThatDam.Agent.Supervision;

namespace ThatDam.Agent.Hosting;

/// <summary>Has a part of the daemon that is no single loop show that it works, each time its pulse is poked; one try at a time.</summary>
internal sealed class LoopProbe
{
    private static readonly byte[] Request = "GET /v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray();

    private readonly LoopPulse _pulse;
    private readonly Func<Task<bool>> _try;
    private int _trying;

    /// <param name="pulse">Beaten when the try succeeds.</param>
    /// <param name="tries">The try; false when it fails.</param>
    public LoopProbe(LoopPulse pulse, Func<Task<bool>> tries)
    {
        (_pulse, _try) = (pulse, tries);
        pulse.Poked += () => _ = TryAsync();
    }

    /// <summary>Whether the API answers, as it would any client.</summary>
    /// <param name="socket">Where it is.</param>
    public static async Task<bool> AnswersAsync(string socket)
    {
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(socket)).ConfigureAwait(false);
        await client.SendAsync(Request).ConfigureAwait(false);
        return await client.ReceiveAsync(new byte[64]).ConfigureAwait(false) > 0;
    }

    private async Task TryAsync()
    {
        if (Interlocked.Exchange(ref _trying, 1) == 1)
            return;
        try
        {
            if (await Task.Run(_try).ConfigureAwait(false))
                _pulse.Beat();
        }
        catch (Exception)
        {
            // No beat: that is what is told.
        }
        finally
        {
            Volatile.Write(ref _trying, 0);
        }
    }
}
