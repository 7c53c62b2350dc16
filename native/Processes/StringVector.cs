using System.Runtime.InteropServices;
using System.Text;

namespace ThatDam.Native.Processes;

/// <summary>Strings as execve(2) takes them: an array of pointers that ends in null, each to UTF-8 that ends in zero. Unmanaged memory until disposed.</summary>
internal readonly unsafe ref struct StringVector
{
    /// <exception cref="ArgumentException">A string holds a zero, after which the child would not see it.</exception>
    public StringVector(IReadOnlyList<string> strings)
    {
        var size = (strings.Count + 1) * sizeof(byte*);
        foreach (var text in strings)
        {
            if (text.Contains('\0', StringComparison.Ordinal))
                throw new ArgumentException("A command line or an environment cannot hold a zero character.", nameof(strings));
            size += Encoding.UTF8.GetByteCount(text) + 1;
        }

        First = (byte**)NativeMemory.Alloc((nuint)size);
        var end = (byte*)First + size;
        var next = (byte*)(First + strings.Count + 1);
        for (var i = 0; i < strings.Count; i++)
        {
            First[i] = next;
            next += Encoding.UTF8.GetBytes(strings[i], new Span<byte>(next, (int)(end - next)));
            *next++ = 0;
        }

        First[strings.Count] = null;
    }

    public byte** First { get; }

    public void Dispose() => NativeMemory.Free(First);
}
