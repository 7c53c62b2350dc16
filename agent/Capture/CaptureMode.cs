namespace ThatDam.Agent.Capture;

/// <summary>What a consumer asks of a camera. Null leaves the choice to the camera's best mode.</summary>
/// <param name="Formats">Fourccs, any of which will do, in no order; null: any.</param>
/// <param name="Width">Pixels; with <paramref name="Height"/>.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Fps">Frames per second.</param>
public sealed record ModeRequest(IReadOnlyList<string>? Formats = null, int? Width = null, int? Height = null, double? Fps = null);

/// <summary>The mode a driver really set, read back from it.</summary>
public sealed record CaptureMode
{
    /// <summary>The fourcc, such as <c>YUYV</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Bytes from one row to the next in the first plane; 0 for compressed formats.</summary>
    public required int Stride { get; init; }

    /// <summary>The greatest number of bytes of one frame (sizeimage, all planes).</summary>
    public required int FrameBytes { get; init; }

    /// <summary>Seconds from frame to frame, numerator; 0 where the driver does not say.</summary>
    public required int IntervalNumerator { get; init; }

    /// <summary>Seconds from frame to frame, denominator.</summary>
    public required int IntervalDenominator { get; init; }

    /// <summary>Memory planes of one frame (v4l2_pix_format_mplane.num_planes); 1 means contiguous.</summary>
    public int Planes { get; init; } = 1;

    /// <summary>How its numbers mean colours.</summary>
    public Colorimetry Color { get; init; } = Colorimetry.Unknown;

    /// <summary>Frames per second; 0 where the driver does not say.</summary>
    public double Fps => IntervalNumerator == 0 ? 0 : (double)IntervalDenominator / IntervalNumerator;
}

/// <summary>How numbers mean colours, in ffmpeg's words (<c>-color_range</c>, <c>-colorspace</c>, <c>-color_primaries</c>, <c>-color_trc</c>); null is unknown.</summary>
/// <param name="Range"><c>tv</c> or <c>pc</c>.</param>
/// <param name="Matrix">Such as <c>bt709</c>, <c>smpte170m</c>, <c>bt2020nc</c>.</param>
/// <param name="Primaries">Such as <c>bt709</c>, <c>smpte170m</c>.</param>
/// <param name="Transfer">Such as <c>bt709</c>, <c>iec61966-2-1</c>.</param>
public sealed record Colorimetry(string? Range, string? Matrix, string? Primaries, string? Transfer)
{
    /// <summary>Nothing is known.</summary>
    public static Colorimetry Unknown { get; } = new(null, null, null, null);
}
