using System.Buffers.Binary;

namespace ThatDam.Media.Mp4;

/// <summary>A box in memory. Its children are read by <c>foreach</c>.</summary>
internal readonly ref struct BoxSpan
{
    private BoxSpan(ReadOnlySpan<byte> whole, int headBytes)
    {
        Whole = whole;
        Content = whole[headBytes..];
    }

    /// <summary>Head and content.</summary>
    public ReadOnlySpan<byte> Whole { get; }

    /// <summary>Without its head.</summary>
    public ReadOnlySpan<byte> Content { get; }

    /// <summary>What it is.</summary>
    public BoxType Type => new(BinaryPrimitives.ReadUInt32BigEndian(Whole[4..]));

    /// <summary>The version of a full box.</summary>
    /// <exception cref="Mp4Exception">It is too short to have one.</exception>
    public byte Version => Need(4)[0];

    /// <summary>The flags of a full box.</summary>
    /// <exception cref="Mp4Exception">It is too short to have some.</exception>
    public uint Flags => BinaryPrimitives.ReadUInt32BigEndian(Need(4)) & 0xFFFFFF;

    /// <summary>The content of a full box after version and flags.</summary>
    public ReadOnlySpan<byte> Body => Need(4)[4..];

    /// <summary>The first box of some bytes.</summary>
    /// <exception cref="Mp4Exception">There is none, or it is longer than they are.</exception>
    public static BoxSpan First(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8)
            throw new Mp4Exception($"{bytes.Length} bytes are left where a box should be");
        long length = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var head = 8;
        if (length == 1 && bytes.Length >= 16)
            (length, head) = ((long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), long.MaxValue), 16);
        else if (length == 0)
            length = bytes.Length;
        return length < head || length > bytes.Length
            ? throw new Mp4Exception($"a box {new BoxType(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]))} says that it has {length} bytes where {bytes.Length} are")
            : new BoxSpan(bytes[..(int)length], head);
    }

    /// <summary>Its first child of a type.</summary>
    /// <exception cref="Mp4Exception">There is none.</exception>
    public BoxSpan Child(BoxType type) => TryChild(type, out var child) ? child : throw new Mp4Exception($"a box {Type} has no {type}");

    /// <summary>Its first child of a type, if it has one.</summary>
    public bool TryChild(BoxType type, out BoxSpan child)
    {
        foreach (var one in this)
        {
            if (one.Type != type)
                continue;
            child = one;
            return true;
        }
        child = default;
        return false;
    }

    public Enumerator GetEnumerator() => new(Content);

    // So many bytes at least.
    private ReadOnlySpan<byte> Need(int bytes) => Content.Length >= bytes ? Content : throw new Mp4Exception($"a box {Type} has {Content.Length} bytes where {bytes} belong");

    /// <summary>From child to child.</summary>
    public ref struct Enumerator(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;

        public BoxSpan Current { get; private set; }

        public bool MoveNext()
        {
            if (_rest.IsEmpty)
                return false;
            Current = First(_rest);
            _rest = _rest[Current.Whole.Length..];
            return true;
        }
    }
}
