using System.Globalization;
using ThatDam.Agent.Devices;
using ThatDam.Contract;
using ThatDam.Native.V4L2;

namespace ThatDam.Agent.Capture;

/// <summary>
/// The signal of an open device's chosen input: an HDMI source may be missing, or change while it streams. Of a device without such an
/// input there is nothing to tell. Source: VIDIOC_QUERY_DV_TIMINGS, VIDIOC_ENUMINPUT, V4L2_EVENT_SOURCE_CHANGE.
/// </summary>
internal sealed class SourceSignal
{
    private readonly VideoDevice _video;
    private readonly DvTimings? _timings;

    private SourceSignal(VideoDevice video, DvTimings? timings) => (_video, _timings) = (video, timings);

    /// <summary>Sets the timings of the signal that is there, and asks to be told when it changes. The device must not stream.</summary>
    /// <exception cref="ProblemException">409 <c>no_signal</c>, with the word for what is wrong.</exception>
    /// <exception cref="Native.Errors.NativeException">ENODEV: unplugged. EBUSY: held by another process.</exception>
    public static SourceSignal Lock(VideoDevice video, Device device)
    {
        var input = Current(video);
        if (input is null)
            return new SourceSignal(video, null);
        if (Word(video, input) is { } word)
            throw NoSignal(device.Node, word);
        DvTimings? timings = null;
        if (IsDv(input) && video.QueryDvTimings()?.Timings is { } seen)
            timings = video.SetDvTimings(seen);
        video.SubscribeEvent(VideoEventType.SourceChange, input.Index);
        return new SourceSignal(video, timings);
    }

    /// <summary>What is wrong with the signal of a device's chosen input, in words; null when it is well, or the driver does not say.</summary>
    /// <param name="node">Opened for it.</param>
    /// <exception cref="Native.Errors.NativeException">It cannot be opened.</exception>
    public static string? ProblemOf(string node)
    {
        using var video = VideoDevice.Open(node);
        return Current(video) is { } input ? Word(video, input) : null;
    }

    /// <summary>The modes with this signal: of a digital one its own size and rate, whatever was set when the modes were listed.</summary>
    public IReadOnlyList<DeviceMode> Modes(IReadOnlyList<DeviceMode> listed) => _timings is not { } timings ? listed :
    [
        .. listed.Select(mode => mode.Format).Distinct().Select(format => new DeviceMode
        {
            Format = format,
            Width = (int)timings.Width,
            Height = (int)timings.Height,
            Rates = timings.FrameRate > 0 ? [Math.Round(timings.FrameRate, 3)] : [],
        }),
    ];

    /// <summary>Takes the device's events. What the signal is now, in words, when it is not the one that was locked to; else null.</summary>
    /// <exception cref="Native.Errors.NativeException">ENODEV: unplugged.</exception>
    public string? Change()
    {
        var changed = false;
        while (_video.TryDequeueEvent(out var happened))
            changed |= happened.Type == VideoEventType.SourceChange;
        if (!changed)
            return null;
        if (Problem() is { } problem)
            return problem;
        return _timings is { } before && _video.QueryDvTimings()?.Timings is { } now && !IsSame(before, now)
            ? string.Create(CultureInfo.InvariantCulture, $"{now.Width}x{now.Height}{(now.IsInterlaced ? "i" : "p")} at {now.FrameRate:0.##} fps now")
            : null;
    }

    /// <summary>What is wrong with the signal, in words; null when it is well, or there is nothing to tell.</summary>
    public string? Problem() => Current(_video) is { } input ? Word(_video, input) : null;

    internal static bool IsSame(DvTimings before, DvTimings now) =>
        before.Width == now.Width && before.Height == now.Height && before.IsInterlaced == now.IsInterlaced && Math.Abs(before.FrameRate - now.FrameRate) < 0.05;

    private static VideoInput? Current(VideoDevice video)
    {
        var chosen = video.GetInput();
        return video.EnumerateInputs().FirstOrDefault(input => input.Index == chosen);
    }

    private static bool IsDv(VideoInput input) => (input.Capabilities & InputCapabilities.DvTimings) != 0;

    private static string? Word(VideoDevice video, VideoInput input)
    {
        if (IsDv(input) && video.QueryDvTimings() is { } signal)
            return signal.State == SignalState.Ok ? null : InputList.Word(signal.State);
        return InputList.Word(input.Status) is "no power" or "no signal" or "no carrier" or "no sync" ? InputList.Word(input.Status) : null;
    }

    /// <summary>Told when there is nothing to record.</summary>
    internal static ProblemException NoSignal(string node, string word) => new(
        409, "no_signal", "No signal", $"{node}: {word}.",
        word switch
        {
            "no cable" => "Connect the source with a cable and switch it on; then start again.",
            "no sync" => "The picture cannot be locked to: try another cable, or set the source to another mode.",
            "out of range" => "The source sends a mode that this device does not take: set it to a smaller size or a lower rate.",
            "no power" or "no device" => "Look at the device's power and its cable.",
            _ => "Switch the source on and let it send a picture; then start again.",
        });
}
