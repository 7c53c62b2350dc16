using System.Buffers.Binary;

namespace ThatDam.Agent.Piping;

/// <summary>The body of a NUT packet while it is put together.</summary>
internal sealed class NutPacket
{
    private const int LengthNeedingChecksum = 4096;

    /// <summary>What it holds so far.</summary>
    public List<byte> Bytes { get; } = [];

    /// <summary>Adds an unsigned number.</summary>
    public NutPacket Varint(ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        Bytes.AddRange(bytes[..NutStream.PutVarint(bytes, value)]);
        return this;
    }

    /// <summary>Adds a signed number.</summary>
    public NutPacket Signed(long value) => Varint(((ulong)Math.Abs(value) << 1) - (value > 0 ? 1UL : 0));

    /// <summary>Adds bytes with their count before them.</summary>
    public void Counted(ReadOnlySpan<byte> bytes)
    {
        Varint((ulong)bytes.Length);
        Bytes.AddRange(bytes);
    }

    /// <summary>Adds a whole packet: startcode, length, body, checksum.</summary>
    public void Append(ulong startcode, NutPacket packet)
    {
        Span<byte> word = stackalloc byte[8];
        var head = new NutPacket();
        BinaryPrimitives.WriteUInt64BigEndian(word, startcode);
        head.Bytes.AddRange(word);
        var length = packet.Bytes.Count + 4;
        head.Varint((ulong)length);
        if (length > LengthNeedingChecksum)
        {
            Crc32.Write(word, [.. head.Bytes]);
            head.Bytes.AddRange(word[..4]);
        }
        byte[] body = [.. packet.Bytes];
        Bytes.AddRange(head.Bytes);
        Bytes.AddRange(body);
        Crc32.Write(word, body);
        Bytes.AddRange(word[..4]);
    }
}
