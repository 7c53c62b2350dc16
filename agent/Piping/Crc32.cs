using System.Buffers.Binary;

namespace ThatDam.Agent.Piping;

/// <summary>NUT's checksum: CRC-32, generator 0x04C11DB7, most significant bit first, beginning with 0. (System.IO.Hashing has the reflected kind only.)</summary>
internal static class Crc32
{
    private const uint Generator = 0x04C1_1DB7;
    private static readonly uint[] Table = MakeTable();

    /// <summary>Writes the checksum of <paramref name="data"/>, four bytes, big-endian.</summary>
    public static void Write(Span<byte> to, ReadOnlySpan<byte> data)
    {
        var crc = 0u;
        foreach (var value in data)
            crc = (crc << 8) ^ Table[(crc >> 24) ^ value];
        BinaryPrimitives.WriteUInt32BigEndian(to, crc);
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var crc = i << 24;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 0x8000_0000) != 0 ? (crc << 1) ^ Generator : crc << 1;
            table[i] = crc;
        }
        return table;
    }
}
