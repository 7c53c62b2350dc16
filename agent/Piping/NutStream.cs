using System.Buffers.Binary;
using ThatDam.Agent.Capture;

namespace ThatDam.Agent.Piping;

/// <summary>
/// Writes the headers of a NUT stream of one video track, ffmpeg's own pipe format: it carries codec, size and microsecond timestamps, so
/// one warm ffmpeg takes any camera. Only headers: the caller puts each frame's own bytes after its header. Each frame stands behind a
/// syncpoint of its own, for a frame is longer than the distance that a reader without one accepts. Source: the NUT specification,
/// version 3.
/// </summary>
internal static class NutStream
{
    /// <summary>No header of a frame is longer. Bytes.</summary>
    public const int MaxFrameHeaderBytes = 64;

    private const ulong MainStartcode = 0x4E4D_7A56_1F5F_04AD;
    private const ulong StreamStartcode = 0x4E53_1140_5BF2_F9DB;
    private const ulong SyncpointStartcode = 0x4E4B_E4AD_EECA_4569;
    private const ulong Version = 3;
    private const ulong MaxDistance = 65536;
    private const ulong TimeBase_us = 1_000_000;
    private const int MsbPtsShift = 1;

    // frame_flags of the specification.
    private const ulong FlagKey = 1;
    private const ulong FlagCodedPts = 8;
    private const ulong FlagSizeMsb = 32;
    private const ulong FlagChecksum = 64;
    private const ulong FlagInvalid = 8192;

    // The frame codes that this writer's table defines; every other one is invalid.
    private const byte KeyFrameCode = 0;
    private const byte OtherFrameCode = 1;

    private static ReadOnlySpan<byte> FileId => "nut/multimedia container\0"u8;

    /// <summary>The bytes before the first frame.</summary>
    /// <param name="mode">Size of the picture.</param>
    /// <param name="codecTag">NUT's fourcc of the codec or of the pixel format, four bytes or more.</param>
    /// <param name="extradata">Parameter sets of H.264 and HEVC; empty for others.</param>
    public static byte[] Header(CaptureMode mode, ReadOnlySpan<byte> codecTag, ReadOnlySpan<byte> extradata)
    {
        var stream = new NutPacket();
        stream.Bytes.AddRange(FileId);

        var main = new NutPacket();
        main.Varint(Version).Varint(1).Varint(MaxDistance).Varint(1).Varint(1).Varint(TimeBase_us);
        FrameCodes(main, FlagKey | FlagCodedPts | FlagSizeMsb | FlagChecksum, count: 1);
        FrameCodes(main, FlagCodedPts | FlagSizeMsb | FlagChecksum, count: 1);
        FrameCodes(main, FlagInvalid, count: 256 - 2 - 1); // the code 'N' is skipped: it begins every startcode
        main.Varint(0); // header_count_minus1
        stream.Append(MainStartcode, main);

        var track = new NutPacket();
        track.Varint(0).Varint(0); // stream_id, stream_class video
        track.Counted(codecTag);
        track.Varint(0).Varint(MsbPtsShift).Varint(TimeBase_us).Varint(0).Varint(0); // time base, shift, max pts distance, delay, flags
        track.Counted(extradata);
        track.Varint((ulong)mode.Width).Varint((ulong)mode.Height).Varint(1).Varint(1).Varint(0); // square pixels; colours go by argument
        stream.Append(StreamStartcode, track);
        return [.. stream.Bytes];
    }

    private static void FrameCodes(NutPacket packet, ulong flags, ulong count) =>
        packet.Varint(flags).Varint(6).Signed(0).Varint(1).Varint(0).Varint(0).Varint(0).Varint(count); // pts, mul, stream, size, reserved

    /// <summary>Writes a syncpoint and the header of a frame, to be followed by the frame's bytes.</summary>
    /// <param name="to">At least <see cref="MaxFrameHeaderBytes"/>.</param>
    /// <param name="pts_us">Microseconds since the stream's first frame, rising.</param>
    /// <param name="frameBytes">How many bytes follow.</param>
    /// <param name="key">Whether decoding can begin here.</param>
    /// <returns>Bytes written.</returns>
    public static int FrameHeader(Span<byte> to, long pts_us, long frameBytes, bool key)
    {
        // Syncpoint: startcode, length (timestamp, back pointer 0, checksum), the timestamp, the back pointer.
        BinaryPrimitives.WriteUInt64BigEndian(to, SyncpointStartcode);
        var body = to[9..];
        var length = PutVarint(body, (ulong)pts_us);
        body[length++] = 0;
        Crc32.Write(body[length..], body[..length]);
        length += 4;
        to[8] = (byte)length;
        var used = 9 + length;

        var frame = to[used..];
        var n = 0;
        frame[n++] = key ? KeyFrameCode : OtherFrameCode;
        n += PutVarint(frame[n..], (ulong)pts_us + (1UL << MsbPtsShift));
        n += PutVarint(frame[n..], (ulong)frameBytes);
        Crc32.Write(frame[n..], frame[..n]);
        return used + n + 4;
    }

    /// <summary>NUT's <c>v</c>: seven bits a byte, most significant first, all but the last with the high bit set.</summary>
    internal static int PutVarint(Span<byte> to, ulong value)
    {
        var length = 1;
        for (var rest = value >> 7; rest != 0; rest >>= 7)
            length++;
        for (var i = length - 1; i >= 0; i--, value >>= 7)
            to[i] = (byte)((value & 0x7f) | (i == length - 1 ? 0u : 0x80u));
        return length;
    }
}
