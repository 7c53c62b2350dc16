using System.Globalization;

namespace ThatDam.Cli.Client;

/// <summary>
/// The body of an HTTP/1.1 response, its framing taken off: of a given length, in chunks, or up to the close (RFC 9112, section 6.3).
/// </summary>
internal sealed class ResponseBody
{
    private readonly SocketReader _reader;
    private readonly bool _chunked;
    private long _left; // of the body, or of the chunk
    private bool _ended;
    private bool _first = true;

    /// <summary>The body that follows the head.</summary>
    /// <param name="reader">Stands at its first byte.</param>
    /// <param name="chunked">Whether it comes in chunks.</param>
    /// <param name="length">Its bytes; null for up to the close.</param>
    public ResponseBody(SocketReader reader, bool chunked, long? length)
    {
        _reader = reader;
        _chunked = chunked;
        _left = chunked ? 0 : length ?? long.MaxValue;
        UntilClose = !chunked && length is null;
        _ended = _left == 0 && !chunked;
    }

    private bool UntilClose { get; }

    /// <summary>At least one byte, or 0 at the end.</summary>
    /// <exception cref="InvalidDataException">The peer closed before the end.</exception>
    public int Read(Span<byte> into)
    {
        if (_chunked && _left == 0 && !_ended)
            NextChunk();
        if (_ended)
            return 0;

        int count = _reader.Read(into[..(int)Math.Min(into.Length, _left)]);
        if (count == 0 && !UntilClose)
            throw new InvalidDataException("the connection closed before the answer was complete");
        _left -= count;
        _ended = count == 0 || (_left == 0 && !_chunked);
        return count;
    }

    /// <summary>All that is left of it.</summary>
    public byte[] ReadAll()
    {
        using var all = new MemoryStream();
        var piece = new byte[64 * 1024];
        for (int count; (count = Read(piece)) > 0;)
            all.Write(piece, 0, count);
        return all.ToArray();
    }

    private void NextChunk()
    {
        if (!_first)
            _reader.ReadLine();
        _first = false;
        string size = _reader.ReadLine().Split(';')[0].Trim();
        if (!long.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _left) || _left < 0)
            throw new InvalidDataException("the answer's chunks are malformed");
        if (_left > 0)
            return;
        while (_reader.ReadLine().Length > 0) // trailers
        {
        }

        _ended = true;
    }
}
