using System.Globalization;

namespace ThatDam.Native.V4L2;

/// <summary>A ratio of two numbers, such as seconds per frame. Source: struct v4l2_fract.</summary>
/// <param name="Numerator">Over it.</param>
/// <param name="Denominator">Under it. 0 over it too: not said.</param>
public readonly record struct Fraction(uint Numerator, uint Denominator) : IComparable<Fraction>
{
    /// <summary>Its worth; not a number for 0/0.</summary>
    public double Value => (double)Numerator / Denominator;

    /// <summary>The other way up: an interval becomes a rate and a rate an interval.</summary>
    public Fraction Invert() => new(Denominator, Numerator);

    /// <summary>By worth: 1/30 and 1001/30030 compare as equal, though they are not the same.</summary>
    public int CompareTo(Fraction other) => ((ulong)Numerator * other.Denominator).CompareTo((ulong)other.Numerator * Denominator);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");

    public static bool operator <(Fraction left, Fraction right) => left.CompareTo(right) < 0;

    public static bool operator <=(Fraction left, Fraction right) => left.CompareTo(right) <= 0;

    public static bool operator >(Fraction left, Fraction right) => left.CompareTo(right) > 0;

    public static bool operator >=(Fraction left, Fraction right) => left.CompareTo(right) >= 0;
}
