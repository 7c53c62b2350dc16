using System.Net.Sockets;
using System.Text;

namespace ThatDam.Cli.Client;

/// <summary>Buffered bytes from a socket, by the line or by the piece.</summary>
internal sealed class SocketReader(Socket socket)
{
    private const int LongestLine = 16 * 1024;

    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>At least one byte, or 0 at the end.</summary>
    public int Read(Span<byte> into)
    {
        if (_start == _end && !Fill())
            return 0;
        int count = Math.Min(into.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(into);
        _start += count;
        return count;
    }

    /// <summary>A line of ASCII without its end.</summary>
    /// <exception cref="InvalidDataException">The peer closed in mid-line, or the line is too long.</exception>
    public string ReadLine()
    {
        var line = new StringBuilder();
        while (line.Length <= LongestLine)
        {
            if (_start == _end && !Fill())
                throw new InvalidDataException("the connection closed before the answer was complete");
            ReadOnlySpan<byte> held = _buffer.AsSpan(_start, _end - _start);
            int newline = held.IndexOf((byte)'\n');
            line.Append(Encoding.ASCII.GetString(newline < 0 ? held : held[..newline]));
            _start += newline < 0 ? held.Length : newline + 1;
            if (newline >= 0)
                return line.ToString().TrimEnd('\r');
        }

        throw new InvalidDataException("the answer's head is too long");
    }

    private bool Fill()
    {
        _start = 0;
        _end = socket.Receive(_buffer);
        return _end > 0;
    }
}
