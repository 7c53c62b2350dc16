using System.Net.Sockets;
using System.Text;
using ThatDam.Agent.Control;

namespace ThatDam.Agent.Hosting;

/// <summary>A client of the API that makes it come round: asks for <see cref="ControlPulse.Path"/> and waits for nothing. For one thread.</summary>
/// <param name="socket">Where the API is.</param>
internal sealed class ApiPoke(string socket) : IDisposable
{
    private static readonly byte[] Request = Encoding.ASCII.GetBytes($"GET {ControlPulse.Path} HTTP/1.1\r\nHost: localhost\r\n\r\n");

    private readonly byte[] _answer = new byte[1024];
    private Socket? _connection; // kept: to be let in and to leave wakes as many threads as the question

    /// <summary>Asks. Where the API cannot be reached nothing happens: it is its pulse that tells.</summary>
    public void Ask()
    {
        try
        {
            // The answer of last time. Where it has not come, or the other end has closed, another connection tells.
            if (_connection is null || _connection.Available == 0 || _connection.Receive(_answer) == 0)
                Connect();
            _connection!.Send(Request);
        }
        catch (SocketException)
        {
            Close();
        }
    }

    private void Connect()
    {
        Close();
        // Never waits: it is called by what looks whether others hang.
        _connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        _connection.Connect(new UnixDomainSocketEndPoint(socket));
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }

    /// <inheritdoc/>
    public void Dispose() => Close();
}
