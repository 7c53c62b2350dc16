using ThatDam.Contract;
using ThatDam.Native.V4L2;

namespace ThatDam.Agent.Devices;

/// <summary>Reads the inputs of a device, with what is known of their signals. Source: VIDIOC_ENUMINPUT, VIDIOC_QUERY_DV_TIMINGS.</summary>
internal static class InputList
{
    /// <summary>The inputs, where there is a choice or a signal state to tell; else empty.</summary>
    /// <exception cref="Native.Errors.NativeException">ENODEV: unplugged meanwhile.</exception>
    public static IReadOnlyList<DeviceInput> Read(VideoDevice device)
    {
        var inputs = device.EnumerateInputs();
        if (inputs.Count == 0)
            return [];
        var current = device.GetInput();
        DeviceInput[] list = [.. inputs.Select(input => new DeviceInput((int)input.Index, input.Name, input.Index == current, Signal(device, input, current)))];
        return list is [{ Signal: null }] ? [] : list;
    }

    private static string? Signal(VideoDevice device, VideoInput input, uint? current)
    {
        if (input.Index == current && (input.Capabilities & InputCapabilities.DvTimings) != 0 && device.QueryDvTimings() is { } signal)
            return Word(signal.State);
        var sensed = (input.Capabilities & (InputCapabilities.DvTimings | InputCapabilities.Std)) != 0;
        return Word(input.Status) ?? (sensed ? "ok" : null);
    }

    /// <summary>In words, the gravest first; null when nothing is wrong.</summary>
    internal static string? Word(InputStatus status)
    {
        const InputStatus unlocked = InputStatus.NoHLock | InputStatus.NoVLock | InputStatus.NoStdLock | InputStatus.NoSync | InputStatus.NoEqu;
        return status switch
        {
            _ when status.HasFlag(InputStatus.NoPower) => "no power",
            _ when status.HasFlag(InputStatus.NoSignal) => "no signal",
            _ when status.HasFlag(InputStatus.NoCarrier) => "no carrier",
            _ when (status & unlocked) != 0 => "no sync",
            _ when status.HasFlag(InputStatus.NoAccess) => "no access",
            _ when (status & (InputStatus.NoColor | InputStatus.ColorKill)) != 0 => "no color",
            _ => null,
        };
    }

    /// <summary>In words.</summary>
    internal static string Word(SignalState state) => state switch
    {
        SignalState.Ok => "ok",
        SignalState.NoDevice => "no device",
        SignalState.NoCable => "no cable",
        SignalState.NoSignal => "no signal",
        SignalState.NoSync => "no sync",
        _ => "out of range",
    };
}
