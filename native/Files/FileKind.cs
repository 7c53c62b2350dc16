using System.Text;
using ThatDam.Native.Errors;
using Tmds.Linux;

namespace ThatDam.Native.Files;

/// <summary>What kind of file a path names: lstat(2).</summary>
public static class FileKind
{
    /// <summary>Whether it is a socket. A symbolic link is none, wherever it leads.</summary>
    /// <exception cref="NativeException">ENOENT, EACCES, ENOTDIR.</exception>
    public static unsafe bool IsSocket(string path)
    {
        stat found;
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            if (LibC.lstat(name, &found) < 0)
                throw NativeException.Last("lstat", path);
        }
        return LibC.S_ISSOCK(found.st_mode);
    }
}
