using System.Buffers;
using System.Net.Sockets;
using System.Text;

namespace ThatDam.Cli.Client;

/// <summary>
/// Server-sent events, one after the other (WHATWG HTML, section 9.2). Only the data is of use here: each stream has one kind of event.
/// </summary>
internal sealed class EventStream(Exchange exchange) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly ArrayBufferWriter<byte> _line = new();
    private int _start;
    private int _end;

    /// <summary>Whether the daemon ended the stream in order, after a whole event: nothing was cut off.</summary>
    public bool Whole { get; private set; }

    /// <summary>The data of the next event, waiting for it; null when the stream has ended, whoever ended it.</summary>
    public byte[]? Next()
    {
        try
        {
            return ReadEvent();
        }
        catch (Exception e) when (e is SocketException or InvalidDataException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>Ends the stream from another thread: <see cref="Next"/> returns null.</summary>
    public void Abort() => exchange.Abort();

    public void Dispose() => exchange.Dispose();

    private byte[]? ReadEvent()
    {
        List<string> data = [];
        while (ReadLine() is { } line)
        {
            if (line.Length == 0 && data.Count > 0)
                return Encoding.UTF8.GetBytes(string.Join('\n', data));
            if (line.StartsWith("data:", StringComparison.Ordinal))
                data.Add(line.AsSpan(5).StartsWith(" ") ? line[6..] : line[5..]);
        }

        Whole = data.Count == 0;
        return null;
    }

    private string? ReadLine()
    {
        _line.ResetWrittenCount();
        while (true)
        {
            if (_start == _end)
            {
                _start = 0;
                _end = exchange.Body!.Read(_buffer);
                if (_end == 0)
                    return null;
            }

            ReadOnlySpan<byte> held = _buffer.AsSpan(_start, _end - _start);
            int newline = held.IndexOf((byte)'\n');
            _line.Write(newline < 0 ? held : held[..newline]);
            _start += newline < 0 ? held.Length : newline + 1;
            if (newline >= 0)
                return Encoding.UTF8.GetString(_line.WrittenSpan).TrimEnd('\r');
        }
    }
}
