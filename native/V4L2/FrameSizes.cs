namespace ThatDam.Native.V4L2;

/// <summary>How a driver lists sizes or intervals. Source: enum v4l2_frmsizetypes, enum v4l2_frmivaltypes.</summary>
public enum FrameRangeKind
{
    /// <summary>It lists none: ask VIDIOC_G_FMT and VIDIOC_G_PARM for what is set.</summary>
    None,

    /// <summary>Each by name.</summary>
    Discrete,

    /// <summary>Every one from the least to the greatest.</summary>
    Continuous,

    /// <summary>From the least to the greatest by steps.</summary>
    Stepwise,
}

/// <summary>The picture sizes of one pixel format. Source: VIDIOC_ENUM_FRAMESIZES, struct v4l2_frmsizeenum.</summary>
/// <param name="Kind">Which of the two that follow holds them.</param>
/// <param name="Discrete">The sizes one by one, in the driver's order; empty for the other kinds.</param>
/// <param name="Range">From where to where, for continuous and stepwise.</param>
public sealed record FrameSizes(FrameRangeKind Kind, IReadOnlyList<FrameSize> Discrete, FrameSizeRange? Range)
{
    /// <summary>The driver lists none.</summary>
    public static FrameSizes None { get; } = new(FrameRangeKind.None, [], null);

    /// <summary>Whether the driver says it has this size.</summary>
    public bool Contains(FrameSize size) => Range?.Contains(size) ?? Discrete.Contains(size);
}

/// <summary>A picture's size.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
public readonly record struct FrameSize(uint Width, uint Height)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Width}x{Height}";
}

/// <summary>A range of picture sizes, in pixels. Source: struct v4l2_frmsize_stepwise. A step of 0 counts as 1.</summary>
public readonly record struct FrameSizeRange(uint MinWidth, uint MaxWidth, uint StepWidth, uint MinHeight, uint MaxHeight, uint StepHeight)
{
    /// <summary>The smallest size.</summary>
    public FrameSize Min => new(MinWidth, MinHeight);

    /// <summary>The largest size.</summary>
    public FrameSize Max => new(MaxWidth, MaxHeight);

    /// <summary>Whether a size lies in it and on a step.</summary>
    public bool Contains(FrameSize size) => Nearest(size) == size;

    /// <summary>The size in it, and on a step, that is nearest to another; the smaller of two as near.</summary>
    public FrameSize Nearest(FrameSize size) =>
        new(Nearest(size.Width, MinWidth, MaxWidth, StepWidth), Nearest(size.Height, MinHeight, MaxHeight, StepHeight));

    private static uint Nearest(uint value, uint min, uint max, uint step)
    {
        if (value <= min || max <= min)
            return min;
        step = Math.Max(step, 1);
        var last = (max - min) / step;
        var below = Math.Min((value - min) / step, last);
        var above = Math.Min(below + 1, last);
        return min + step * (value - (min + step * below) <= step / 2 ? below : above);
    }
}
