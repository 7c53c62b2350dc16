namespace ThatDam.Agent.Piping;

/// <summary>
/// Just enough of H.264 (ITU-T H.264, 7.3.1) and HEVC (ITU-T H.265, 7.3.1.2) byte streams to begin a recording: which access units can be
/// begun with, and their parameter sets, which a container needs before the first frame.
/// </summary>
internal sealed class VideoSyntax
{
    private readonly Func<byte, int> _unitType;
    private readonly Func<int, bool> _isKey;
    private readonly Func<int, bool> _isParameterSet;
    private readonly int _setsNeeded;

    private VideoSyntax(Func<byte, int> unitType, Func<int, bool> isKey, Func<int, bool> isParameterSet, int setsNeeded) =>
        (_unitType, _isKey, _isParameterSet, _setsNeeded) = (unitType, isKey, isParameterSet, setsNeeded);

    // nal_unit_type 5: IDR slice; 7, 8: SPS, PPS.
    private static VideoSyntax H264 { get; } = new(b => b & 0x1f, type => type == 5, type => type is 7 or 8, setsNeeded: 2);

    // nal_unit_type 16..21: IRAP slices; 32, 33, 34: VPS, SPS, PPS.
    private static VideoSyntax Hevc { get; } = new(b => b >> 1 & 0x3f, type => type is >= 16 and <= 21, type => type is 32 or 33 or 34, setsNeeded: 3);

    /// <summary>The syntax of a fourcc's byte stream; null for formats whose every frame stands alone.</summary>
    public static VideoSyntax? Of(string fourcc) => fourcc switch
    {
        "H264" => H264,
        "HEVC" => Hevc,
        _ => null,
    };

    /// <summary>Whether decoding can begin with this access unit.</summary>
    public bool IsKey(ReadOnlySpan<byte> accessUnit)
    {
        for (var at = NextUnit(accessUnit, 0); at >= 0; at = NextUnit(accessUnit, at))
        {
            if (_isKey(_unitType(accessUnit[at])))
                return true;
        }
        return false;
    }

    /// <summary>The access unit's parameter sets, each behind a start code; empty when one kind is missing.</summary>
    public byte[] ParameterSets(ReadOnlySpan<byte> accessUnit)
    {
        var sets = new List<byte>();
        var kinds = new HashSet<int>();
        for (var at = NextUnit(accessUnit, 0); at >= 0;)
        {
            var next = NextUnit(accessUnit, at);
            var type = _unitType(accessUnit[at]);
            if (_isParameterSet(type))
            {
                var end = next < 0 ? accessUnit.Length : next - 3;
                kinds.Add(type);
                sets.AddRange([0, 0, 0, 1]);
                sets.AddRange(accessUnit[at..end].TrimEnd((byte)0));
            }
            at = next;
        }
        return kinds.Count == _setsNeeded ? [.. sets] : [];
    }

    /// <summary>Where the first byte after the next start code (00 00 01) lies; -1 when there is none.</summary>
    private static int NextUnit(ReadOnlySpan<byte> bytes, int from)
    {
        var at = bytes[from..].IndexOf((ReadOnlySpan<byte>)[0, 0, 1]);
        return at < 0 || from + at + 3 >= bytes.Length ? -1 : from + at + 3;
    }
}
