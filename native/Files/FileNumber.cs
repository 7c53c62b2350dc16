using System.Text;
using Tmds.Linux;

namespace ThatDam.Native.Files;

/// <summary>
/// The number that a file system gives each of its files: st_ino of lstat(2). In sysfs a device that is gone and one that takes its name
/// later have two numbers.
/// </summary>
public static class FileNumber
{
    /// <summary>The number of what the path names, a symbolic link itself; null when it cannot be read.</summary>
    public static unsafe ulong? Of(string path)
    {
        stat found;
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
            return LibC.lstat(name, &found) < 0 ? null : (ulong)found.st_ino;
    }
}
