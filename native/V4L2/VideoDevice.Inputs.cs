using ThatDam.Native.Errors;
using ThatDam.Native.V4L2.Raw;

namespace ThatDam.Native.V4L2;

public sealed partial class VideoDevice
{
    /// <summary>The inputs: VIDIOC_ENUMINPUT. Empty when the device has none to choose from.</summary>
    public unsafe IReadOnlyList<VideoInput> EnumerateInputs()
    {
        var inputs = new List<VideoInput>();
        while (true)
        {
            v4l2_input raw = new() { index = (uint)inputs.Count };
            if (!TryRequire("VIDIOC_ENUMINPUT", Requests.VIDIOC_ENUMINPUT, ref raw))
                return inputs;
            inputs.Add(new VideoInput(
                raw.index,
                Text(new ReadOnlySpan<byte>(raw.name, 32)),
                (InputType)raw.type,
                (InputStatus)raw.status,
                (InputCapabilities)raw.capabilities));
        }
    }

    /// <summary>The input that is chosen: VIDIOC_G_INPUT. Null when the device has none.</summary>
    public uint? GetInput()
    {
        var index = 0;
        return TryRequire("VIDIOC_G_INPUT", Requests.VIDIOC_G_INPUT, ref index) ? (uint)index : null;
    }

    /// <summary>Chooses an input: VIDIOC_S_INPUT. The format and the interval may change with it.</summary>
    /// <exception cref="NativeException">EINVAL: no such input. EBUSY: it streams.</exception>
    public void SetInput(uint index)
    {
        var argument = (int)index;
        Require("VIDIOC_S_INPUT", Requests.VIDIOC_S_INPUT, ref argument);
    }

    /// <summary>The DV timings that are set: VIDIOC_G_DV_TIMINGS. Null when the chosen input has none.</summary>
    public DvTimings? GetDvTimings()
    {
        v4l2_dv_timings raw = default;
        return TryRequire("VIDIOC_G_DV_TIMINGS", Requests.VIDIOC_G_DV_TIMINGS, ref raw) ? DvTimings.FromRaw(raw) : null;
    }

    /// <summary>
    /// Sets the DV timings: VIDIOC_S_DV_TIMINGS. The format changes with them. Returns those that are set, which may differ in detail.
    /// </summary>
    /// <exception cref="NativeException">ENODATA: not on this input. EINVAL: not these. EBUSY: buffers are requested.</exception>
    public DvTimings SetDvTimings(DvTimings timings)
    {
        var raw = timings.ToRaw();
        Require("VIDIOC_S_DV_TIMINGS", Requests.VIDIOC_S_DV_TIMINGS, ref raw);
        return DvTimings.FromRaw(raw);
    }

    /// <summary>
    /// What the chosen input receives now: VIDIOC_QUERY_DV_TIMINGS. Null when the input has no DV timings, or
    /// cannot tell, as some drivers while they stream.
    /// </summary>
    public DvSignal? QueryDvTimings()
    {
        v4l2_dv_timings raw = default;
        var errno = Call(Requests.VIDIOC_QUERY_DV_TIMINGS, ref raw);
        if (errno is Errno.ENOTTY or Errno.ENODATA or Errno.EINVAL or Errno.EBUSY)
            return null;
        return DvSignal.StateOf(errno, errno == Errno.ENOLINK ? IsSourcePowered() : null) is { } state
            ? new DvSignal(state, state == SignalState.Ok ? DvTimings.FromRaw(raw) : null)
            : throw new NativeException("VIDIOC_QUERY_DV_TIMINGS", Path, errno);
    }

    /// <summary>Whether a source powers any connector (V4L2_CID_DV_RX_POWER_PRESENT). Null when the receiver cannot tell.</summary>
    private bool? IsSourcePowered()
    {
        v4l2_control raw = new() { id = (uint)ControlId.DvRxPowerPresent };
        return Call(Requests.VIDIOC_G_CTRL, ref raw) == Errno.None ? raw.value != 0 : null;
    }
}
