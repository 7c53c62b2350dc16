using System.Globalization;
using ThatDam.Agent.Devices;
using ThatDam.Contract;
using ThatDam.Native.Errors;

namespace ThatDam.Agent.Capture;

/// <summary>Why a camera cannot be opened or does not stream, and what to do about it. Pure.</summary>
internal static class OpenProblems
{
    /// <summary>What a failed call means for the user.</summary>
    /// <param name="device">The camera.</param>
    /// <param name="e">The call.</param>
    /// <param name="wanted">The mode that it was set to; null when it was not yet.</param>
    /// <param name="others">Who else streams on its USB bus for this daemon.</param>
    public static ProblemException Of(Device device, NativeException e, CaptureMode? wanted, IReadOnlyList<BusNeighbour> others) => e.Errno switch
    {
        Errno.EBUSY => new ProblemException(409, "device_busy", "Device busy", $"{device.Node} is held by another process.",
            $"damctl doctor {device.Alias ?? device.ShortName} names it. Stop it, then start the recording again."),
        Errno.EACCES or Errno.EPERM => DeviceProblems.Denied(device.Node),
        Errno.ENODEV or Errno.ENXIO or Errno.ENOENT => new ProblemException(404, "device_lost", "Device gone", $"{device.Node} was unplugged.",
            "Plug it in again; damctl devices list shows what is there."),
        Errno.ENOSPC => new ProblemException(409, "usb_bandwidth", "Not enough USB bandwidth", BandwidthAdvice.Detail(device, wanted, others), BandwidthAdvice.Remedy(device, wanted)),
        Errno.EMFILE or Errno.ENFILE => new ProblemException(503, "system_refused", "Refused by the system", $"{device.Node} cannot be opened: {e.Reason}.",
            "Stop some recordings, or raise LimitNOFILE= in the daemon's unit."),
        Errno.ENOLINK => NoSignal(device, "no signal"),
        _ => new ProblemException(503, "device_failed", "Device failed", $"{device.Node} cannot stream: {e.Message}.",
            "Unplug it and plug it in again; the kernel's log (dmesg) may say more."),
    };

    /// <summary>It is remembered, and not there.</summary>
    public static ProblemException Offline(Device device) => new(409, "device_offline", "Device offline",
        string.Create(CultureInfo.InvariantCulture, $"{device.Alias ?? device.StableId} is not plugged in; it was last seen at {device.LastSeen.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, as {device.Node}."),
        "Plug it in; it records by itself then with OnPlug=record in its [Camera:NAME] section.");

    /// <summary>It came just now.</summary>
    public static ProblemException BeingRead(Device device) => new(503, "device_not_ready", "Device not ready", $"{device.Node} has just come and is being asked for its modes.",
        "Start the recording again in a moment.");

    /// <summary>Its driver does not answer.</summary>
    public static ProblemException Hangs(Device device) => new(503, "device_hangs", "Device hangs", $"{device.Node}: its driver does not answer.",
        "Unplug the device and plug it in again; the kernel's log (dmesg) may say more.");

    /// <summary>Its stream has ended before it could be joined.</summary>
    public static ProblemException Ended(Device device) => new(503, "stream_ended", "Stream ended", $"{device.Node} does not stream any more.",
        "Start the recording again; damctl devices show says what the camera does.");

    /// <summary>Its input receives nothing to record.</summary>
    /// <param name="device">The camera.</param>
    /// <param name="fault">In words, such as <c>no cable</c>.</param>
    public static ProblemException NoSignal(Device device, string fault)
    {
        var input = device.Inputs.FirstOrDefault(input => input.Current)?.Name;
        var remedy = SignalAdvice.Of(fault).Remedy;
        return new ProblemException(409, "no_signal", "No signal", $"{device.Node} receives no picture{(input is null ? "" : $" on its input {input}")}: {fault}.", $"{char.ToUpperInvariant(remedy[0])}{remedy[1..]}.");
    }
}
