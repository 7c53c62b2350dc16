using System.Globalization;
using ThatDam.Agent.Devices;
using ThatDam.Contract;
using ThatDam.Native.Errors;
using ThatDam.Native.V4L2;

namespace ThatDam.Agent.Capture;

/// <summary>
/// What the chosen input of an open device receives: a digital signal by its timings, an analog one by the input's status. A camera's own
/// sensor has neither. Owns nothing.
/// </summary>
internal sealed class SourceSignal
{
    private const double SameRate = 0.5; // frames per second: receivers measure, and 59.94 is nearly 60

    private readonly VideoDevice _video;
    private readonly BufferType _type;
    private readonly uint? _input;
    private readonly bool _isDigital;
    private DvTimings? _timings;
    private VideoFormat? _streamed;

    private SourceSignal(VideoDevice video, BufferType type)
    {
        (_video, _type, _input) = (video, type, video.GetInput());
        _isDigital = _input is { } chosen
            && video.EnumerateInputs().FirstOrDefault(input => input.Index == chosen) is { } input && (input.Capabilities & InputCapabilities.DvTimings) != 0;
        TellsChanges = _input is { } id && video.SubscribeEvent(VideoEventType.SourceChange, id);
    }

    /// <summary>Whether the driver tells when the source changes.</summary>
    public bool TellsChanges { get; }

    /// <summary>Looks at the signal of a device that is about to stream, and sets a digital input to it (VIDIOC_S_DV_TIMINGS).</summary>
    /// <exception cref="ProblemException">409 <c>no_signal</c>, saying which of the kinds it is.</exception>
    /// <exception cref="NativeException">ENODEV: unplugged. EBUSY: held by another process.</exception>
    public static SourceSignal Lock(VideoDevice video, Device device, BufferType type)
    {
        var signal = new SourceSignal(video, type); // the events first: what changes from here on is told
        if (signal.Fault() is { } fault)
            throw OpenProblems.NoSignal(device, fault);
        if (signal._isDigital && video.QueryDvTimings() is { Timings: { } timings })
        {
            if (video.GetDvTimings() is not { } set || !IsSame(set, timings))
                timings = video.SetDvTimings(timings);
            signal._timings = timings;
        }
        return signal;
    }

    /// <summary>The device with the modes that it has for this signal; those known may be another's.</summary>
    public Device Refreshed(Device device)
    {
        if (_timings is null)
            return device;
        var format = _video.GetFormat(_type);
        var rate = FrameRate.Current(_video, _type) is { } current ? FrameRate.Rounded(current) : 0;
        if (device.Modes.Any(mode => Offers(mode, format) && (rate == 0 || mode.Rates.Any(known => Math.Abs(known - rate) < SameRate))))
            return device;
        return device with { Modes = ModeTable.Read(_video, device.Name, _type, [], () => { }).Modes };
    }

    /// <summary>Of a digital source its own size, unless another is asked for.</summary>
    public ModeRequest Preferred(Device device, ModeRequest request)
    {
        if (_timings is null || request.Width is not null || request.Height is not null)
            return request;
        var format = _video.GetFormat(_type);
        return device.Modes.Any(mode => Offers(mode, format)) ? request with { Width = (int)format.Width, Height = (int)format.Height } : request;
    }

    /// <summary>The mode is set: a change is a change from here on.</summary>
    public void Streamed() => _streamed = _video.GetFormat(_type);

    /// <summary>What is wrong with the signal, in words; null when nothing is, or nothing is known.</summary>
    /// <exception cref="NativeException">ENODEV: unplugged.</exception>
    public string? Fault()
    {
        if (_isDigital && _video.QueryDvTimings() is { } signal)
            return signal.State == SignalState.Ok ? null : InputList.Word(signal.State);
        var status = _video.EnumerateInputs().FirstOrDefault(input => input.Index == _input)?.Status ?? InputStatus.None;
        // Without colour there is a picture still.
        return InputList.Word(status) is { } word and not ("no color" or "no access") ? word : null;
    }

    /// <summary>Takes the events that wait. What the source is now, in words, when it is another; null when it is the same.</summary>
    /// <exception cref="NativeException">ENODEV: unplugged.</exception>
    public string? TakeChange()
    {
        var changed = false;
        while (_video.TryDequeueEvent(out var happened))
            changed |= happened.Type == VideoEventType.SourceChange;
        if (!changed)
            return null;
        if (_isDigital && _timings is { } known && _video.QueryDvTimings() is { } signal)
        {
            if (signal.State == SignalState.NoDevice && !File.Exists(_video.Path))
                throw new NativeException("VIDIOC_QUERY_DV_TIMINGS", _video.Path, Errno.ENODEV);
            if (signal.Timings is not { } now)
                return InputList.Word(signal.State);
            return IsSame(known, now) ? null : $"{Words(now)} now";
        }
        if (Fault() is { } fault)
            return fault;
        if (_isDigital)
            return "another signal now";
        // Drivers tell of more than size: a colour that is another is no reason to begin anew.
        var format = _video.GetFormat(_type);
        return _streamed is { } streamed && (streamed.Width, streamed.Height, streamed.PixelFormat) != (format.Width, format.Height, format.PixelFormat)
            ? string.Create(CultureInfo.InvariantCulture, $"{format.Width}x{format.Height} now")
            : null;
    }

    /// <summary>Looks at the signal of a device that is not open here. Null when nothing is wrong with it, or nothing is known.</summary>
    /// <exception cref="NativeException">It cannot be opened.</exception>
    public static string? Look(Device device)
    {
        if (device.Kind != DeviceKind.V4L2)
            return null;
        using var video = VideoDevice.Open(device.Node);
        return new SourceSignal(video, device.Multiplanar ? BufferType.VideoCaptureMplane : BufferType.VideoCapture).Fault();
    }

    /// <summary>A digital signal in words: <c>1920x1080p60</c>, <c>1920x1080i50</c>.</summary>
    internal static string Words(DvTimings timings)
    {
        var rate = Math.Round(timings.IsInterlaced ? timings.FrameRate * 2 : timings.FrameRate, 2);
        return string.Create(CultureInfo.InvariantCulture, $"{timings.Width}x{timings.Height}{(timings.IsInterlaced ? "i" : "p")}{rate}");
    }

    /// <summary>Whether two are one signal, measured twice.</summary>
    internal static bool IsSame(DvTimings some, DvTimings other) =>
        (some.Width, some.Height, some.IsInterlaced) == (other.Width, other.Height, other.IsInterlaced) && Math.Abs(some.FrameRate - other.FrameRate) < SameRate;

    private static bool Offers(DeviceMode mode, VideoFormat format) => mode.Range is { } range
        ? format.Width >= mode.Width && format.Width <= range.MaxWidth && format.Height >= mode.Height && format.Height <= range.MaxHeight
        : (mode.Width, mode.Height) == ((int)format.Width, (int)format.Height);
}
