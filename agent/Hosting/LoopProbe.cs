using System.Net.Sockets;
using ThatDam.Agent.Supervision;

namespace ThatDam.Agent.Hosting;

/// <summary>Has a part of the daemon that is no single loop show that it works, each time its pulse is poked; one try at a time.</summary>
internal sealed class LoopProbe
{
    private const int Limit_ms = 5000;

    private static readonly byte[] Request = "GET /v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray();

    private readonly LoopPulse _pulse;
    private readonly Func<bool> _try;
    private int _trying;

    /// <param name="pulse">Beaten when the try succeeds.</param>
    /// <param name="tries">The try; false when it fails.</param>
    public LoopProbe(LoopPulse pulse, Func<bool> tries)
    {
        (_pulse, _try) = (pulse, tries);
        pulse.Poked += () => _ = TryAsync();
    }

    /// <summary>Whether the API answers, as it would any client.</summary>
    /// <param name="socket">Where it is.</param>
    public static bool Answers(string socket)
    {
        // Calls that block: they wake fewer threads than others, and an idle daemon is to sleep.
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { SendTimeout = Limit_ms, ReceiveTimeout = Limit_ms };
        client.Connect(new UnixDomainSocketEndPoint(socket));
        client.Send(Request);
        return client.Receive(new byte[64]) > 0;
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
