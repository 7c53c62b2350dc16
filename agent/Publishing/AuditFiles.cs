using System.Globalization;
using ThatDam.Contract;
using ThatDam.Native.Errors;
using ThatDam.Native.Files;

namespace ThatDam.Agent.Publishing;

/// <summary>
/// The files of the audit log: <c>audit.log</c>, and <c>audit.log.1</c> and up, the older the higher. Each is opened for one call only, so
/// that a file that was taken away or replaced is noticed. One caller at a time.
/// </summary>
/// <param name="directory">Where they lie.</param>
/// <param name="options">How many there may be.</param>
internal sealed class AuditFiles(string directory, AuditOptions options)
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const int Chunk = 64 << 10;
    private const int MaxLine = 1 << 20;

    // What the state does not know of is one batch of lines, a few hundred KiB; what lies further from the end is not looked for.
    private const int Furthest = 16 << 20;

    /// <summary>The newest file.</summary>
    public string Path { get; } = System.IO.Path.Join(directory, AuditChain.FileName);

    /// <summary>Opens the newest file, and makes it if there is none.</summary>
    /// <exception cref="NativeException">It cannot be made or written.</exception>
    public FileDescriptor Open()
    {
        using var at = DirectoryDescriptor.Open(directory);
        var file = at.OpenAppend(AuditChain.FileName, Mode);
        if (file.Length == 0)
            at.Sync();
        return file;
    }

    /// <summary>Appends whole lines to the newest file: on the disk when it returns.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="length">How long the file is.</param>
    /// <returns>False, and nothing is written, when it is not so long.</returns>
    /// <exception cref="NativeException">It cannot be written; what was written of the lines is taken away again if that is possible.</exception>
    public bool Append(ReadOnlySpan<byte> lines, long length)
    {
        using var file = Open();
        if (file.Length != length)
            return false;
        try
        {
            file.WriteAt(lines, length);
            file.DataSync();
            return true;
        }
        catch (NativeException)
        {
            Cut(file, length);
            throw;
        }
    }

    /// <summary>The number of the first line that is there; null where none can be read.</summary>
    /// <param name="afterRotation">That will be there after <see cref="Rotate"/>.</param>
    /// <exception cref="NativeException">A file cannot be read.</exception>
    public long? First(bool afterRotation)
    {
        var numbers = Existing();
        if (afterRotation)
        {
            numbers.RemoveAll(number => number >= options.Files);
            // Without a gap the last one is overwritten.
            if (numbers.Count == options.Files)
                numbers.Remove(options.Files - 1);
        }
        if (numbers.Count == 0)
            return null;
        using var at = DirectoryDescriptor.Open(directory);
        using var file = at.OpenExisting(Name(numbers.Max()));
        var head = new byte[Math.Min(file.Length, MaxLine)];
        head = head[..file.ReadAt(head, 0)];
        var end = head.AsSpan().IndexOf((byte)'\n');
        return end >= 0 && AuditChain.TryRead(head.AsSpan(0, end), out var first, out _) ? first : null;
    }

    /// <summary>Makes room for a new file: each one's number rises, and those beyond the number kept are deleted. After a crash in it, it may be done again.</summary>
    /// <exception cref="IOException">A file cannot be renamed or deleted.</exception>
    public void Rotate()
    {
        using var at = DirectoryDescriptor.Open(directory);
        // From the last number down to the newest file, or from a gap that an earlier crash left.
        var numbers = Existing();
        var free = 1;
        while (free < options.Files && numbers.Contains(free))
            free++;
        foreach (var number in numbers.Where(number => number >= options.Files))
            at.Remove(Name(number));
        for (var number = Math.Min(free, options.Files - 1); number > 0; number--)
        {
            // rename(2): in one step, in the place of the oldest one if need be, so that no file is ever there twice.
            File.Move(System.IO.Path.Join(directory, Name(number - 1)), System.IO.Path.Join(directory, Name(number)), overwrite: true);
        }
        at.Sync();
    }

    /// <summary>Opens all of them for reading, the oldest first.</summary>
    /// <exception cref="NativeException">One cannot be read.</exception>
    public List<FileDescriptor> OpenAll()
    {
        var files = new List<FileDescriptor>();
        try
        {
            using var at = DirectoryDescriptor.Open(directory);
            foreach (var number in Existing().OrderDescending())
                files.Add(at.OpenExisting(Name(number)));
            return files;
        }
        catch (NativeException)
        {
            foreach (var file in files)
                file.Dispose();
            throw;
        }
    }

    /// <summary>Whether the file before the newest one ends with a line: then the newest one was begun after it.</summary>
    /// <exception cref="NativeException">It cannot be read.</exception>
    public bool OlderEndsWith(string hash) => AuditChain.Hash(OlderLastLine()) == hash;

    /// <summary>The last line of the file before the newest one; empty if there is none.</summary>
    /// <exception cref="NativeException">It cannot be read.</exception>
    public byte[] OlderLastLine()
    {
        using var at = DirectoryDescriptor.Open(directory);
        var numbers = Existing();
        numbers.Remove(0);
        if (numbers.Count == 0)
            return [];
        using var file = at.OpenExisting(Name(numbers.Min()));
        return LastLine(file);
    }

    /// <summary>Where the line with a hash ends, its newline included, looked for from the end of a file; null if it is not there.</summary>
    public static long? EndOf(FileDescriptor file, string hash)
    {
        var length = file.Length;
        for (long size = Chunk; ; size *= 4)
        {
            var tail = Tail(file, length, Math.Min(size, Furthest));
            var whole = tail.Length == length;
            for (var end = tail.AsSpan().LastIndexOf((byte)'\n'); end >= 0;)
            {
                var before = tail.AsSpan(0, end).LastIndexOf((byte)'\n');
                // In a part of the file the first line may be the end of one.
                if (before < 0 && !whole)
                    break;
                if (AuditChain.Hash(tail.AsSpan(before + 1, end - before - 1)) == hash)
                    return length - tail.Length + end + 1;
                end = before;
            }
            if (whole || size >= Furthest)
                return null;
        }
    }

    /// <summary>The last line of a file that has its newline, without that; empty if there is none.</summary>
    public static byte[] LastLine(FileDescriptor file)
    {
        var length = file.Length;
        for (long size = Chunk; ; size *= 4)
        {
            var tail = Tail(file, length, Math.Min(size, Furthest));
            var end = tail.AsSpan().LastIndexOf((byte)'\n');
            var before = end < 0 ? -1 : tail.AsSpan(0, end).LastIndexOf((byte)'\n');
            if (before >= 0 || tail.Length == length || size >= Furthest)
                return end < 0 ? [] : tail[(before + 1)..end];
        }
    }

    /// <summary>Where the last line that has its newline ends; 0 where there is none near the end.</summary>
    public static long EndOfLines(FileDescriptor file)
    {
        var length = file.Length;
        for (long size = Chunk; ; size *= 4)
        {
            var tail = Tail(file, length, Math.Min(size, Furthest));
            var end = tail.AsSpan().LastIndexOf((byte)'\n');
            if (end >= 0)
                return length - tail.Length + end + 1;
            if (tail.Length == length || size >= Furthest)
                return 0;
        }
    }

    private static byte[] Tail(FileDescriptor file, long length, long size)
    {
        var tail = new byte[Math.Min(size, length)];
        return tail[..file.ReadAt(tail, length - tail.Length)];
    }

    private static void Cut(FileDescriptor file, long length)
    {
        try
        {
            file.Truncate(length);
        }
        catch (NativeException)
        {
            // The error that led here is the one to tell; the next look at the file's end finds what is left.
        }
    }

    // The numbers of those that are there; 0 is the newest.
    private List<int> Existing()
    {
        var numbers = new List<int>();
        foreach (var path in Directory.EnumerateFileSystemEntries(directory, AuditChain.FileName + "*"))
        {
            var name = System.IO.Path.GetFileName(path);
            if (name == AuditChain.FileName)
                numbers.Add(0);
            else if (int.TryParse(name.AsSpan(AuditChain.FileName.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Name(number) == name && number > 0)
                numbers.Add(number);
        }
        return numbers;
    }

    private static string Name(int number) => number == 0 ? AuditChain.FileName : string.Create(CultureInfo.InvariantCulture, $"{AuditChain.FileName}.{number}");
}
