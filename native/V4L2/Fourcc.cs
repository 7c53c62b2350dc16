using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ThatDam.Native.V4L2;

/// <summary>
/// Names a pixel format by four characters, the first in the lowest byte; bit 31 marks big-endian samples. Source: v4l2_fourcc() and
/// v4l2_fourcc_be() of &lt;linux/videodev2.h&gt;.
/// </summary>
/// <param name="Value">The number the kernel uses.</param>
public readonly record struct Fourcc(uint Value)
{
    private const uint BigEndian = 1u << 31;
    private const string BigEndianSuffix = "-BE";

    /// <summary>From up to four printable ASCII characters, padded with spaces; <c>-BE</c> after them sets the big-endian bit.</summary>
    /// <exception cref="FormatException">It is no fourcc.</exception>
    public static Fourcc Parse(string text) =>
        TryParse(text, out var fourcc) ? fourcc : throw new FormatException($"\"{text}\" is no fourcc: one to four printable ASCII characters, such as YUYV");

    /// <summary>As <see cref="Parse"/>; also takes the hexadecimal form that <see cref="ToString"/> gives for unprintable ones.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Fourcc fourcc)
    {
        fourcc = default;
        if (string.IsNullOrEmpty(text))
            return false;
        if (text.Length == 10 && text.StartsWith("0x", StringComparison.Ordinal)
            && uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex))
        {
            fourcc = new Fourcc(hex);
            return true;
        }

        var bigEndian = text.EndsWith(BigEndianSuffix, StringComparison.Ordinal) && text.Length > 4;
        var name = bigEndian ? text[..^BigEndianSuffix.Length] : text;
        if (name.Length > 4 || name.Any(c => c is < ' ' or > '~'))
            return false;
        var value = bigEndian ? BigEndian : 0;
        for (var i = 0; i < 4; i++)
            value |= (uint)(i < name.Length ? name[i] : ' ') << (8 * i);
        fourcc = new Fourcc(value);
        return true;
    }

    /// <summary>The four characters, spaces and all (<c>Y16 </c>), and <c>-BE</c> for big-endian ones; hexadecimal when any is unprintable.</summary>
    public override string ToString()
    {
        Span<char> name = stackalloc char[4];
        for (var i = 0; i < 4; i++)
        {
            name[i] = (char)((Value & ~BigEndian) >> (8 * i) & 0xff);
            if (name[i] is < ' ' or > '~')
                return string.Create(CultureInfo.InvariantCulture, $"0x{Value:x8}");
        }

        return (Value & BigEndian) == 0 ? new string(name) : string.Concat(name, BigEndianSuffix);
    }
}
