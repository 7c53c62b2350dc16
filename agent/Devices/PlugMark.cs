using ThatDam.Native.Files;

namespace ThatDam.Agent.Devices;

/// <summary>
/// Tells one plugging in of a camera from the next, over restarts of the daemon: the kernel's boot and the number of the camera's node in
/// devtmpfs, which is another one each time it is made. Source: /proc/sys/kernel/random/boot_id, random(4); st_ino, inode(7).
/// </summary>
internal static class PlugMark
{
    /// <summary>The mark of a camera that is there.</summary>
    public static string Of(Device device) => $"{Boot()}/{FileNumber.Of(device.Node)}";

    private static string Boot()
    {
        try
        {
            return File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // where /proc is closed, a reboot is taken for none
        }
    }
}
