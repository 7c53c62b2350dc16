using System.Buffers.Binary;

namespace ThatDam.Media.Mp4;

/// <summary>Numbers of a box, one after the other.</summary>
/// <param name="bytes">Of the box.</param>
/// <param name="type">The box, for messages.</param>
internal ref struct SpanReader(ReadOnlySpan<byte> bytes, BoxType type)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>What was not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    public uint U32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public int S32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public ulong U64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    public long S64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    /// <summary>A number of 64 bits in version 1, of 32 before.</summary>
    public ulong Wide(byte version) => version == 0 ? U32() : U64();

    /// <summary>So many bytes.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        if (_rest.Length < count)
            throw new Mp4Exception($"a box {type} ends in the middle of a field");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
