using ThatDam.Contract;
using ThatDam.Native.V4L2;

namespace ThatDam.Agent.Devices;

/// <summary>
/// Asks a driver for everything it can deliver: formats, their sizes, their rates. What it does not list is taken from what is set.
/// Source: VIDIOC_ENUM_FMT, VIDIOC_ENUM_FRAMESIZES, VIDIOC_ENUM_FRAMEINTERVALS; VIDIOC_G_FMT, VIDIOC_TRY_FMT, VIDIOC_G_PARM,
/// VIDIOC_G_DV_TIMINGS.
/// </summary>
internal sealed class ModeList
{
    private readonly VideoDevice _device;
    private readonly BufferType _type;
    private readonly List<DeviceMode> _modes = [];
    private VideoFormat? _current;
    private IReadOnlyList<double>? _currentRates;

    private ModeList(VideoDevice device, BufferType type)
    {
        _device = device;
        _type = type;
    }

    /// <summary>The modes, in the driver's order.</summary>
    /// <exception cref="Native.Errors.NativeException">ENODEV: unplugged meanwhile.</exception>
    public static IReadOnlyList<DeviceMode> Read(VideoDevice device, BufferType type)
    {
        var list = new ModeList(device, type);
        foreach (var format in device.EnumerateFormats(type))
            list.Add(format.Format);
        return list._modes;
    }

    private void Add(Fourcc format)
    {
        var name = format.ToString();
        var sizes = _device.EnumerateFrameSizes(format);
        foreach (var size in sizes.Discrete)
            Add(name, format, size, size, null);
        if (sizes.Range is { } range)
        {
            Add(name, format, range.Min, range.Max, new SizeRange(
                (int)range.MaxWidth, (int)range.MaxHeight, (int)Math.Max(range.StepWidth, 1), (int)Math.Max(range.StepHeight, 1)));
        }
        if (sizes.Kind == FrameRangeKind.None && SizeSetFor(format) is { } set)
            Add(name, format, set, set, null);
    }

    private void Add(string name, Fourcc format, FrameSize size, FrameSize ratesAt, SizeRange? range)
    {
        var intervals = _device.EnumerateFrameIntervals(format, ratesAt.Width, ratesAt.Height);
        IReadOnlyList<double> rates = intervals.Kind switch
        {
            FrameRangeKind.None => CurrentRates,
            FrameRangeKind.Discrete => Falling(intervals.Rates),
            _ => Falling([intervals.Range!.Value.MaxRate, intervals.Range.Value.MinRate]),
        };
        _modes.Add(new DeviceMode
        {
            Format = name,
            Width = (int)size.Width,
            Height = (int)size.Height,
            Rates = rates,
            Range = range,
            RateRange = intervals.Range is not null,
        });
    }

    private FrameSize? SizeSetFor(Fourcc format)
    {
        _current ??= _device.GetFormat(_type);
        var set = _current.PixelFormat == format
            ? _current
            : _device.TryFormat(_type, new VideoFormat { Width = _current.Width, Height = _current.Height, PixelFormat = format });
        return set is { Width: > 0, Height: > 0 } && set.PixelFormat == format ? new FrameSize(set.Width, set.Height) : null;
    }

    private IReadOnlyList<double> CurrentRates => _currentRates ??= FrameRate.Current(_device, _type) is { } rate ? Falling([rate]) : [];

    private static double[] Falling(IEnumerable<Fraction> rates) =>
        [.. rates.Where(FrameRate.IsSaid).Select(FrameRate.Rounded).Distinct().OrderDescending()];
}
