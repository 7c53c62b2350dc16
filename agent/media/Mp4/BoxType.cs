using System.Buffers.Binary;
using System.Text;

namespace ThatDam.Media.Mp4;

/// <summary>What a box is: four letters (ISO/IEC 14496-12, 4.2).</summary>
/// <param name="Code">The letters, the first one highest.</param>
internal readonly record struct BoxType(uint Code)
{
    public static readonly BoxType Ftyp = Of("ftyp"), Moov = Of("moov"), Moof = Of("moof"), Mdat = Of("mdat"), Mvex = Of("mvex"), Trex = Of("trex"),
        Mvhd = Of("mvhd"), Trak = Of("trak"), Tkhd = Of("tkhd"), Edts = Of("edts"), Elst = Of("elst"), Mdia = Of("mdia"), Mdhd = Of("mdhd"),
        Minf = Of("minf"), Stbl = Of("stbl"), Stsd = Of("stsd"), Stts = Of("stts"), Ctts = Of("ctts"), Stss = Of("stss"), Stsc = Of("stsc"), Stsz = Of("stsz"),
        Stco = Of("stco"), Co64 = Of("co64"), Traf = Of("traf"), Tfhd = Of("tfhd"), Tfdt = Of("tfdt"), Trun = Of("trun"),
        Hdlr = Of("hdlr"), Vide = Of("vide"), Encv = Of("encv"), Enca = Of("enca"), Senc = Of("senc");

    /// <summary>By its letters.</summary>
    public static BoxType Of(string letters) => new(BinaryPrimitives.ReadUInt32BigEndian(Encoding.Latin1.GetBytes(letters)));

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> letters = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(letters, Code);
        return string.Concat(Encoding.Latin1.GetString(letters).Select(letter => letter is >= ' ' and <= '~' ? letter : '?'));
    }
}
