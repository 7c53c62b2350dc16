using System.Buffers.Binary;
using ThatDam.Native.Files;

namespace ThatDam.Media.Mp4;

/// <summary>Writes boxes into a file, one after the other, with little memory: a box's length is filled in when it is closed.</summary>
/// <param name="file">The file.</param>
/// <param name="at">Where the first one begins.</param>
internal sealed class BoxWriter(FileDescriptor file, long at)
{
    private readonly byte[] _buffer = new byte[256 * 1024];
    private readonly Stack<long> _open = new();
    private long _flushed = at;
    private int _used;

    /// <summary>Where the next byte goes.</summary>
    public long Position => _flushed + _used;

    /// <summary>Opens a box, in the one that is open.</summary>
    public void Begin(BoxType type)
    {
        _open.Push(Position);
        U32(0);
        U32(type.Code);
    }

    /// <summary>Opens a full box.</summary>
    public void Begin(BoxType type, byte version, uint flags)
    {
        Begin(type);
        U32(((uint)version << 24) | flags);
    }

    /// <summary>Closes it.</summary>
    /// <exception cref="Mp4Exception">It is longer than 4 GiB.</exception>
    public void End()
    {
        var began = _open.Pop();
        var length = Position - began;
        if (length > uint.MaxValue)
            throw new Mp4Exception("its index would be longer than 4 GiB");
        Span<byte> told = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(told, (uint)length);
        if (began >= _flushed)
            told.CopyTo(_buffer.AsSpan((int)(began - _flushed)));
        else
        {
            Flush(); // it may lie across the border
            file.WriteAt(told, began);
        }
    }

    public void U32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Room(4), value);

    public void S32(int value) => U32((uint)value);

    public void U64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Room(8), value);

    /// <summary>In 64 bits, or in 32.</summary>
    public void Wide(bool wide, ulong value)
    {
        if (wide)
            U64(value);
        else
            U32((uint)value);
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length > 0; bytes = bytes[Math.Min(bytes.Length, 64 * 1024)..])
            bytes[..Math.Min(bytes.Length, 64 * 1024)].CopyTo(Room(Math.Min(bytes.Length, 64 * 1024)));
    }

    /// <summary>Hands what is written to the system.</summary>
    public void Flush()
    {
        file.WriteAt(_buffer.AsSpan(0, _used), _flushed);
        _flushed += _used;
        _used = 0;
    }

    private Span<byte> Room(int bytes)
    {
        if (_used + bytes > _buffer.Length)
            Flush();
        _used += bytes;
        return _buffer.AsSpan(_used - bytes, bytes);
    }
}
