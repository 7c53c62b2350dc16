using ThatDam.Native.V4L2;

namespace ThatDam.Agent.Devices;

/// <summary>Frames per second, as devices tell them.</summary>
public static class FrameRate
{
    /// <summary>Whether both sides of the fraction are given; drivers say 0 for "not known".</summary>
    public static bool IsSaid(Fraction fraction) => fraction is { Numerator: > 0, Denominator: > 0 };

    /// <summary>To three decimals: 30000/1001 is 29.97.</summary>
    public static double Rounded(Fraction rate) => Math.Round(rate.Value, 3);

    /// <summary>Frames per second that are set (VIDIOC_G_PARM), else those of the signal (VIDIOC_G_DV_TIMINGS); null where the driver says neither.</summary>
    /// <exception cref="Native.Errors.NativeException">ENODEV: unplugged meanwhile.</exception>
    public static Fraction? Current(VideoDevice device, BufferType type)
    {
        if (device.GetParameters(type) is { } parameters && IsSaid(parameters.Interval))
            return parameters.Interval.Invert();
        return device.GetDvTimings() is { FrameRate: > 0 and < 1000 } timings
            ? new Fraction((uint)Math.Round(timings.FrameRate * 1000), 1000)
            : null;
    }
}
