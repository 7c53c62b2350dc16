using System.Globalization;
using Tmds.Linux;

namespace ThatDam.Native.Memory;

/// <summary>The code of this process's own program, as it is mapped from its file.</summary>
public static class ProgramCode
{
    /// <summary>
    /// Lets go of its pages: madvise(2), MADV_DONTNEED. What is needed comes back from the page cache at the next call of it; what only the start
    /// needed does not. Of mappings that can be executed and not written alone, which hold nothing but what is in the file.
    /// </summary>
    /// <returns>Bytes of address space that were let go of.</returns>
    public static unsafe long Release()
    {
        long bytes = 0;
        var program = Environment.ProcessPath;
        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            // FROM-TO r-xp OFFSET DEVICE INODE PATH (proc_pid_maps(5))
            var fields = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 6 || fields[1] != "r-xp" || fields[5].Trim() != program)
                continue;
            var range = fields[0].Split('-');
            var from = ulong.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            var length = ulong.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) - from;
            if (LibC.madvise((void*)from, (size_t)length, LibC.MADV_DONTNEED) == 0)
                bytes += (long)length;
        }
        return bytes;
    }
}
