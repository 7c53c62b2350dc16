using System.Net.Sockets;

namespace ThatDam.Agent.Hosting;

/// <summary>A client of the API, to see whether it answers as it would any other. One try at a time.</summary>
/// <param name="socket">Where the API is.</param>
internal sealed class ApiProbe(string socket) : IDisposable
{
    private const int Limit_ms = 5000;

    private static readonly byte[] Request = "GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray();

    private readonly byte[] _answer = new byte[16 * 1024];
    private Socket? _connection; // kept: to be let in and to leave wakes as many threads as the question

    /// <summary>Asks for <c>/v1/health</c>. What the answer says is not looked at.</summary>
    /// <exception cref="SocketException">It cannot be reached, or takes longer than five seconds.</exception>
    public bool Answers()
    {
        if (_connection is { } kept)
        {
            try
            {
                if (Asked(kept))
                    return true;
            }
            catch (SocketException e) when (e.SocketErrorCode is not SocketError.TimedOut and not SocketError.WouldBlock)
            {
                // Closed, for it was idle too long. A new one tells.
            }
            kept.Dispose();
        }
        // Calls that block: they wake fewer threads than others, and an idle daemon is to sleep.
        _connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { SendTimeout = Limit_ms, ReceiveTimeout = Limit_ms };
        _connection.Connect(new UnixDomainSocketEndPoint(socket));
        return Asked(_connection);
    }

    private bool Asked(Socket connection)
    {
        while (connection.Available > 0)
            connection.Receive(_answer); // the rest of the answer before
        connection.Send(Request);
        return connection.Receive(_answer) > 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _connection?.Dispose();
}
