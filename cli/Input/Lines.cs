using System.Buffers;

namespace ThatDam.Cli.Input;

/// <summary>The lines of a file, one after the other, however long the file.</summary>
/// <param name="name">What to call the file in messages.</param>
/// <param name="stream">Its bytes; not disposed.</param>
internal sealed class Lines(string name, Stream stream)
{
    /// <summary>Beyond this a line is no event. Bytes.</summary>
    public const int Longest = 16 << 20;

    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly ArrayBufferWriter<byte> _line = new();
    private int _start;
    private int _end;

    /// <summary>The number of the line that was read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The next line without its end, valid until the next call; null at the end of the file.</summary>
    /// <exception cref="FailureException">The file cannot be read, or the line has no end.</exception>
    public ReadOnlyMemory<byte>? Next()
    {
        _line.ResetWrittenCount();
        while (_start < _end || Fill())
        {
            ReadOnlySpan<byte> held = _buffer.AsSpan(_start, _end - _start);
            int newline = held.IndexOf((byte)'\n');
            _line.Write(newline < 0 ? held : held[..newline]);
            _start += newline < 0 ? held.Length : newline + 1;
            if (newline >= 0)
            {
                Number++;
                return _line.WrittenMemory;
            }

            if (_line.WrittenCount > Longest)
            {
                throw new FailureException(
                    ExitCode.Failure,
                    $"{name}:{Number + 1}: the line is longer than 16 MiB",
                    "give a file with one JSON object a line");
            }
        }

        if (_line.WrittenCount == 0)
            return null;
        Number++;
        return _line.WrittenMemory;
    }

    private bool Fill()
    {
        try
        {
            _start = 0;
            _end = stream.Read(_buffer);
            return _end > 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FailureException(ExitCode.Failure, $"{name}: {e.Message}", "see whether it is a file");
        }
    }
}
