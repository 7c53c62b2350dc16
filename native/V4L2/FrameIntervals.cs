namespace ThatDam.Native.V4L2;

/// <summary>
/// The frame intervals of one pixel format and size, in seconds per frame. Source: VIDIOC_ENUM_FRAMEINTERVALS, struct v4l2_frmivalenum.
/// </summary>
/// <param name="Kind">Which of the two that follow holds them.</param>
/// <param name="Discrete">The intervals one by one, in the driver's order; empty for the other kinds.</param>
/// <param name="Range">From where to where, for continuous and stepwise.</param>
public sealed record FrameIntervals(FrameRangeKind Kind, IReadOnlyList<Fraction> Discrete, FrameIntervalRange? Range)
{
    /// <summary>The driver lists none.</summary>
    public static FrameIntervals None { get; } = new(FrameRangeKind.None, [], null);

    /// <summary>The discrete intervals as frames per second, in the driver's order.</summary>
    public IEnumerable<Fraction> Rates => Discrete.Select(interval => interval.Invert());

    /// <summary>Whether the driver says it has this interval.</summary>
    public bool Contains(Fraction interval) => Range?.Contains(interval) ?? Discrete.Any(one => one.CompareTo(interval) == 0);

    /// <summary>The interval of the driver's that is nearest in worth to another; null when it lists none.</summary>
    public Fraction? Nearest(Fraction interval)
    {
        if (Range is { } range)
            return range.Nearest(interval);
        return Discrete.Count == 0 ? null : Discrete.MinBy(one => Math.Abs(one.Value - interval.Value));
    }
}

/// <summary>A range of frame intervals, in seconds per frame. Source: struct v4l2_frmival_stepwise.</summary>
/// <param name="Min">The shortest: the highest rate.</param>
/// <param name="Max">The longest: the lowest rate.</param>
/// <param name="Step">From one to the next; any for continuous ranges.</param>
/// <param name="IsContinuous">Every interval between the two will do.</param>
public readonly record struct FrameIntervalRange(Fraction Min, Fraction Max, Fraction Step, bool IsContinuous)
{
    /// <summary>Frames per second at the longest interval.</summary>
    public Fraction MinRate => Max.Invert();

    /// <summary>Frames per second at the shortest interval.</summary>
    public Fraction MaxRate => Min.Invert();

    /// <summary>Whether an interval lies in it and on a step.</summary>
    public bool Contains(Fraction interval) => Nearest(interval).CompareTo(interval) == 0;

    /// <summary>The interval in it, and on a step, that is nearest to another.</summary>
    public Fraction Nearest(Fraction interval)
    {
        if (interval <= Min)
            return Min;
        if (interval >= Max)
            return Max;
        if (IsContinuous || Step.Numerator == 0 || Step.Denominator == 0)
            return interval;

        // min + n × step over their common denominator; what no longer fits 32 bits is rounded to microseconds, as drivers do.
        var steps = (ulong)Math.Round((interval.Value - Min.Value) / Step.Value);
        var numerator = (UInt128)Min.Numerator * Step.Denominator + (UInt128)steps * Step.Numerator * Min.Denominator;
        var denominator = (UInt128)Min.Denominator * Step.Denominator;
        var divisor = GreatestDivisor(numerator, denominator);
        numerator /= divisor;
        denominator /= divisor;
        var nearest = numerator <= uint.MaxValue && denominator <= uint.MaxValue
            ? new Fraction((uint)numerator, (uint)denominator)
            : new Fraction((uint)Math.Round((Min.Value + steps * Step.Value) * 1e6), 1_000_000);
        return nearest > Max ? Max : nearest;
    }

    private static UInt128 GreatestDivisor(UInt128 a, UInt128 b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a == 0 ? 1 : a;
    }
}
