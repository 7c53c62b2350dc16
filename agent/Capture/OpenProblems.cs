using System.Globalization;
using ThatDam.Agent.Devices;
using ThatDam.Contract;
using ThatDam.Native.Errors;

namespace ThatDam.Agent.Capture;

/// <summary>Why a camera does not open or stream, and what to do about it.</summary>
internal static class OpenProblems
{
    /// <summary>What a failed call means.</summary>
    /// <param name="device">The camera.</param>
    /// <param name="e">The call.</param>
    /// <param name="neighbours">The cameras that stream on its bus.</param>
    public static ProblemException Of(Device device, NativeException e, IReadOnlyList<CaptureSession> neighbours) => e.Errno switch
    {
        Errno.EBUSY => new ProblemException(409, "device_busy", "Device busy", $"{device.Node} is held by another process.",
            $"damctl doctor {device.ShortName} names it. Stop it, then start the recording again."),
        Errno.EACCES or Errno.EPERM => DeviceProblems.Denied(device.Node),
        Errno.ENODEV or Errno.ENXIO or Errno.ENOENT => new ProblemException(404, "device_lost", "Device gone", $"{device.Node} was unplugged.",
            "Plug it in again; damctl devices list shows what is there."),
        Errno.ENOLINK or Errno.ENOLCK => SourceSignal.NoSignal(device.Node, e.Errno == Errno.ENOLINK ? "no signal" : "no sync"),
        Errno.ENOSPC => Bandwidth(device, [.. neighbours.Select(session => (session.Device, session.Mode))]),
        _ => new ProblemException(503, "device_failed", "Device failed", $"{device.Node} cannot stream: {e.Message}.",
            "Unplug it and plug it in again; the kernel's log (dmesg) may say more."),
    };

    /// <summary>Told when a device that is gone is to be used.</summary>
    public static ProblemException Offline(Device device) => new(
        409, "device_offline", "Device offline",
        string.Create(CultureInfo.InvariantCulture, $"{device.Node} ({device.Name}) is not there; it was last seen at {device.LastSeen.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC."),
        "Plug it in. With OnPlug=record in its [Camera:…] section it is then recorded by itself.");

    /// <summary>Not disk space: the bus of the camera has no bandwidth left.</summary>
    /// <param name="device">The camera.</param>
    /// <param name="neighbours">Those that stream on its bus, and their modes.</param>
    internal static ProblemException Bandwidth(Device device, IReadOnlyList<(Device Device, CaptureMode Mode)> neighbours)
    {
        var others = neighbours.Count == 0
            ? "no other camera of this daemon streams there; other USB devices may"
            : "there stream " + string.Join(", ", neighbours.Select(one => string.Create(
                CultureInfo.InvariantCulture, $"{one.Device.Node} ({one.Mode.Format} {one.Mode.Width}x{one.Mode.Height} at {Math.Round(one.Mode.Fps, 3)} fps)")));
        return new ProblemException(
            409, "usb_bandwidth", "Not enough USB bandwidth",
            $"{device.Node} found no free USB bandwidth on its bus{(device.UsbBus is { } bus ? $" {bus}" : "")}: {others}.",
            (BandwidthAdvice.Mode(device) is { } mode
                ? string.Create(CultureInfo.InvariantCulture, $"Ask for a mode that needs less, such as {mode.Format} {mode.Width}x{mode.Height} at {mode.Fps} fps (--size {mode.Width}x{mode.Height} --fps {mode.Fps})")
                : "Ask for a smaller size or a lower rate")
            + ", or plug the camera into a port of another host controller.");
    }
}
