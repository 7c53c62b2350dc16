using ThatDam.Native.Errors;
using ThatDam.Native.Files;

namespace ThatDam.Media;

/// <summary>A file without a name, gone with its descriptor: for what is too much for memory and of no use after a crash.</summary>
public static class SideFile
{
    /// <summary>Makes one.</summary>
    /// <param name="directory">Where its bytes lie.</param>
    /// <exception cref="NativeException">ENOENT, EACCES, EROFS, ENOSPC.</exception>
    public static FileDescriptor Create(string directory)
    {
        using var place = DirectoryDescriptor.Open(directory);
        var name = $".index-{Guid.NewGuid():N}";
        var file = place.CreateNew(name, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        place.Remove(name);
        return file;
    }
}
