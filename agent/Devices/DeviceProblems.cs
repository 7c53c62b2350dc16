using ThatDam.Contract;
using ThatDam.Native.Errors;

namespace ThatDam.Agent.Devices;

/// <summary>Why a device cannot be read, and what to do about it. Pure.</summary>
internal static class DeviceProblems
{
    /// <summary>What a failed call means for the user.</summary>
    public static string Told(string path, NativeException e) => e.Errno switch
    {
        Errno.EACCES => $"{path} may not be opened by the user {Environment.UserName}. "
            + $"Add that user to the group that owns the node, usually video (sudo usermod -aG video {Environment.UserName}), then start the agent again.",
        Errno.EPERM => $"{path} is closed to the agent by its device policy. Allow it: DeviceAllow=char-video4linux in its unit, or --device in its container.",
        Errno.EBUSY => $"{path} is held by another process. Find it with: fuser -v {path}; stop it, then look again.",
        Errno.ENOENT => $"{path} does not exist, though the kernel has the device. Start udev, or hand the node to the container: --device {path}",
        Errno.ENODEV or Errno.ENXIO => $"{path} was unplugged, or its driver is gone. Plug it in again; dmesg may say more.",
        Errno.ENOTTY => $"{path} is no video device: it does not answer VIDIOC_QUERYCAP.",
        Errno.EMFILE or Errno.ENFILE => $"{path} could not be opened: too many open files. Raise the limit: LimitNOFILE= in the agent's unit.",
        _ => $"{path} could not be read: {e.Message}. Unplug it and plug it in again; dmesg may say more.",
    };

    /// <summary>Told when such a device is to be used.</summary>
    public static ProblemException Denied(string path) => new(
        403, "device_denied", "No permission", $"{path} may not be opened by the daemon's user {Environment.UserName}: no permission.",
        $"Add that user to the group that owns the node, usually video (sudo usermod -aG video {Environment.UserName}), then restart the daemon.");

    /// <summary>A camera that came just now.</summary>
    public static string BeingRead(string path) => $"{path} has just come and is being asked for its modes. Look again in a moment.";

    /// <summary>A device whose driver holds a call without end.</summary>
    public static string Silent(string path, TimeSpan waited) =>
        $"{path} did not answer within {waited.TotalSeconds:0} s: its driver hangs. Unplug it and plug it in again; dmesg may say more.";
}
