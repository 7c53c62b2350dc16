using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ThatDam.Cli.Output;

/// <summary>
/// Standard output or error, by write(2). Unlike the console's own stream it says when the reader of a pipe has gone;
/// unlike a FileStream it writes at the offset that it shares with other programs.
/// </summary>
internal sealed partial class StandardStream(int fd) : Stream
{
    private const int EINTR = 4; // <asm-generic/errno-base.h>, the same on every architecture that .NET runs on
    private const int EPIPE = 32;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Writes all of it.</summary>
    /// <exception cref="ReaderGoneException">The other end of the pipe is closed (EPIPE; the runtime ignores SIGPIPE).</exception>
    /// <exception cref="IOException">Anything else, such as a full disk.</exception>
    public override void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint written = WriteOnce(fd, bytes, (nuint)bytes.Length);
            if (written >= 0)
            {
                bytes = bytes[(int)written..];
                continue;
            }

            int errno = Marshal.GetLastPInvokeError();
            if (errno == EPIPE)
                throw new ReaderGoneException();
            if (errno != EINTR)
                throw new IOException(new Win32Exception(errno).Message);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteOnce(int fd, ReadOnlySpan<byte> bytes, nuint count);
}
