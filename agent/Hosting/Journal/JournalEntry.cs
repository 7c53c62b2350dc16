using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ThatDam.Agent.Hosting.Journal;

/// <summary>
/// One entry of the journal as its native protocol carries it: <c>NAME=value</c> and a newline for each field; a value that holds a newline
/// has its length before it instead (https://systemd.io/JOURNAL_NATIVE_PROTOCOL). For one thread; used again for the next entry.
/// </summary>
internal sealed class JournalEntry
{
    private const int LongestName = 64;
    private const int UsualSize = 64 << 10;

    private ArrayBufferWriter<byte> _bytes = new(1 << 10);

    /// <summary>What is sent. Valid until the next change.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        if (_bytes.Capacity > UsualSize)
            _bytes = new(1 << 10);
        _bytes.ResetWrittenCount();
    }

    /// <summary>Adds a field. A name may stand more than once.</summary>
    /// <param name="name">Upper-case letters, digits and underlines, a letter first; at most 64.</param>
    /// <param name="value">Anything.</param>
    /// <exception cref="ArgumentException">The journal would drop a field of that name, or believe it to be its own.</exception>
    public void Add(string name, string value)
    {
        if (!IsName(name))
            throw new ArgumentException($"'{name}' cannot name a field of the journal: A-Z, 0-9 and _, a letter first, at most {LongestName}.", nameof(name));
        Encoding.ASCII.GetBytes(name, _bytes);
        if (value.Contains('\n', StringComparison.Ordinal))
        {
            _bytes.Write("\n"u8);
            BinaryPrimitives.WriteInt64LittleEndian(_bytes.GetSpan(sizeof(long)), Encoding.UTF8.GetByteCount(value));
            _bytes.Advance(sizeof(long));
        }
        else
        {
            _bytes.Write("="u8);
        }
        Encoding.UTF8.GetBytes(value, _bytes);
        _bytes.Write("\n"u8);
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && char.IsAsciiLetterUpper(name[0]) && name.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_');
}
