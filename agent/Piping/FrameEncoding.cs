using ThatDam.Agent.Capture;

namespace ThatDam.Agent.Piping;

/// <summary>
/// How one camera's frames become NUT packets: what of a buffer is picture, whether decoding can begin there, and the stream's header.
/// For one consumer: an H.264 or HEVC stream begins at its own first key frame.
/// </summary>
internal sealed class FrameEncoding
{
    private readonly CaptureMode _mode;
    private readonly PixelLayout _layout;
    private readonly VideoSyntax? _syntax;
    private byte[] _extradata = [];
    private byte[] _packed = [];
    private bool _begun;

    /// <exception cref="ArgumentException">The format is not one that NUT can carry; modes are chosen among those that are.</exception>
    public FrameEncoding(CaptureMode mode)
    {
        _mode = mode;
        _layout = PixelLayout.Find(mode.Format) ?? throw new ArgumentException($"no pixel layout for {mode.Format}", nameof(mode));
        _syntax = VideoSyntax.Of(mode.Format);
    }

    /// <summary>Looks at a frame. False when it is no picture that a stream can take: too short, no JPEG, before the first key frame.</summary>
    /// <param name="bytes">The buffer's used bytes.</param>
    /// <param name="payloadBytes">How many bytes its packet has.</param>
    /// <param name="key">Whether decoding can begin here.</param>
    public bool TryDescribe(ReadOnlySpan<byte> bytes, out int payloadBytes, out bool key)
    {
        key = true;
        if (!_layout.IsCompressed)
        {
            payloadBytes = _layout.FrameBytes(_mode.Width, _mode.Height);
            return bytes.Length >= (IsPacked ? payloadBytes : PaddedBytes);
        }
        payloadBytes = bytes.Length;
        if (_syntax is null)
            return bytes.Length > 2 && bytes[0] == 0xFF && bytes[1] == 0xD8; // SOI of a JPEG
        key = _syntax.IsKey(bytes);
        if (!_begun && key && _syntax.ParameterSets(bytes) is { Length: > 0 } sets)
            (_begun, _extradata) = (true, sets);
        return _begun && bytes.Length > 0;
    }

    /// <summary>The stream's header; after the first frame was described.</summary>
    public byte[] Header() => NutStream.Header(_mode, _layout.NutTag, _extradata);

    // A driver that names no stride pads no rows.
    private bool IsPacked => _mode.Stride <= _layout.PackedStride(_mode.Width);

    // To the end of the last row: what pads that one, a driver may leave out.
    private int PaddedBytes
    {
        get
        {
            var (bytes, padding) = (0, 0);
            foreach (var plane in _layout.Planes(_mode.Width, _mode.Height))
                (bytes, padding) = (bytes + (PlaneStride(plane) * plane.Rows), PlaneStride(plane) - plane.RowBytes);
            return bytes - padding;
        }
    }

    private int PlaneStride(PixelPlane plane) => _mode.Stride * plane.RowBytes / _layout.PackedStride(_mode.Width);

    /// <summary>The packet's bytes as they are to be written: the buffer itself, or its rows without their padding. Good until the next call.</summary>
    public unsafe ReadOnlySpan<byte> Pack(in CapturedFrame frame, int payloadBytes)
    {
        var source = new ReadOnlySpan<byte>((void*)frame.Address, frame.Bytes);
        if (_layout.IsCompressed || IsPacked)
            return source[..payloadBytes];
        if (_packed.Length < payloadBytes)
            _packed = new byte[payloadBytes];
        var (from, to) = (0, 0);
        foreach (var plane in _layout.Planes(_mode.Width, _mode.Height))
        {
            var stride = PlaneStride(plane);
            for (var row = 0; row < plane.Rows; row++, from += stride, to += plane.RowBytes)
                source.Slice(from, plane.RowBytes).CopyTo(_packed.AsSpan(to));
        }
        return _packed.AsSpan(0, payloadBytes);
    }
}
