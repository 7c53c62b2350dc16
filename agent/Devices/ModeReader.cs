using ThatDam.Contract;
using ThatDam.Native.V4L2;

namespace ThatDam.Agent.Devices;

/// <summary>
/// Asks a driver for the sizes and rates of its formats. What it does not list is taken from what is set. Source: VIDIOC_ENUM_FRAMESIZES,
/// VIDIOC_ENUM_FRAMEINTERVALS; VIDIOC_G_FMT, VIDIOC_TRY_FMT, VIDIOC_G_PARM, VIDIOC_G_DV_TIMINGS.
/// </summary>
internal sealed class ModeReader(VideoDevice device, BufferType type)
{
    private VideoFormat? _current;
    private IReadOnlyList<double>? _currentRates;

    /// <summary>Whether the driver listed everything that was asked for so far.</summary>
    public bool IsListed { get; private set; } = true;

    /// <summary>The modes of one format, in the driver's order.</summary>
    /// <exception cref="Native.Errors.NativeException">ENODEV: unplugged meanwhile.</exception>
    public IReadOnlyList<DeviceMode> Read(Fourcc format)
    {
        var name = format.ToString();
        var sizes = device.EnumerateFrameSizes(format);
        if (sizes.Range is { } range)
        {
            // The rates of the largest size: those that all sizes have.
            return [Mode(name, format, range.Min, range.Max) with
            {
                Range = new SizeRange((int)range.MaxWidth, (int)range.MaxHeight, (int)Math.Max(range.StepWidth, 1), (int)Math.Max(range.StepHeight, 1)),
            }];
        }
        if (sizes.Kind != FrameRangeKind.None)
            return [.. sizes.Discrete.Select(size => Mode(name, format, size, size))];
        IsListed = false;
        return SizeSetFor(format) is { } set ? [Mode(name, format, set, set)] : [];
    }

    private DeviceMode Mode(string name, Fourcc format, FrameSize size, FrameSize ratesAt)
    {
        var intervals = device.EnumerateFrameIntervals(format, ratesAt.Width, ratesAt.Height);
        IReadOnlyList<double> rates = intervals.Kind switch
        {
            FrameRangeKind.None => CurrentRates(),
            FrameRangeKind.Discrete => Falling(intervals.Rates),
            _ => Falling([intervals.Range!.Value.MaxRate, intervals.Range.Value.MinRate]),
        };
        return new DeviceMode
        {
            Format = name,
            Width = (int)size.Width,
            Height = (int)size.Height,
            Rates = rates,
            RateRange = intervals.Range is not null,
        };
    }

    private FrameSize? SizeSetFor(Fourcc format)
    {
        _current ??= device.GetFormat(type);
        var set = _current.PixelFormat == format
            ? _current
            : device.TryFormat(type, new VideoFormat { Width = _current.Width, Height = _current.Height, PixelFormat = format });
        return set is { Width: > 0, Height: > 0 } && set.PixelFormat == format ? new FrameSize(set.Width, set.Height) : null;
    }

    private IReadOnlyList<double> CurrentRates()
    {
        IsListed = false;
        return _currentRates ??= FrameRate.Current(device, type) is { } rate ? Falling([rate]) : [];
    }

    private static double[] Falling(IEnumerable<Fraction> rates) =>
        [.. rates.Where(FrameRate.IsSaid).Select(FrameRate.Rounded).Distinct().OrderDescending()];
}
