using ThatDam.Native.Errors;

namespace ThatDam.Native.V4L2;

/// <summary>What a DV input receives now. Source: VIDIOC_QUERY_DV_TIMINGS.</summary>
/// <param name="State">Whether it is well, or what is wrong.</param>
/// <param name="Timings">The signal's timings: when <see cref="SignalState.Ok"/>.</param>
public sealed record DvSignal(SignalState State, DvTimings? Timings)
{
    /// <summary>What an errno of VIDIOC_QUERY_DV_TIMINGS means; null when it says nothing of the signal.</summary>
    /// <param name="errno">The errno.</param>
    /// <param name="powered">Whether a source powers any connector; null when the receiver cannot tell.</param>
    internal static SignalState? StateOf(Errno errno, bool? powered) => errno switch
    {
        Errno.None => SignalState.Ok,
        Errno.ENODEV => SignalState.NoDevice,
        Errno.ENOLINK => powered == false ? SignalState.NoCable : SignalState.NoSignal,
        Errno.ENOLCK => SignalState.NoSync,
        Errno.ERANGE => SignalState.OutOfRange,
        _ => null,
    };
}

/// <summary>What is wrong with a DV input, in the order in which a user looks for it.</summary>
public enum SignalState
{
    /// <summary>There is a picture.</summary>
    Ok,

    /// <summary>ENODEV: the device is unplugged.</summary>
    NoDevice,

    /// <summary>ENOLINK, and V4L2_CID_DV_RX_POWER_PRESENT sees no source: no cable, or the source is off.</summary>
    NoCable,

    /// <summary>ENOLINK: a source is connected, or may be, and sends nothing.</summary>
    NoSignal,

    /// <summary>ENOLCK: a signal that the receiver cannot lock to; a bad cable, or the source is changing mode.</summary>
    NoSync,

    /// <summary>ERANGE: a signal that the receiver can lock to and not take.</summary>
    OutOfRange,
}
