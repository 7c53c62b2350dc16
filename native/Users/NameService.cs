using ThatDam.Native.Errors;

namespace ThatDam.Native.Users;

/// <summary>Questions to the databases of /etc/nsswitch.conf: the <c>_r</c> functions of &lt;pwd.h&gt; and &lt;grp.h&gt;, which fill a buffer of their caller.</summary>
internal static unsafe class NameService
{
    // sysconf(_SC_GETPW_R_SIZE_MAX) is a hint only; ERANGE tells.
    private const int LastSize = 1 << 20;

    /// <summary>Asks once.</summary>
    /// <param name="buffer">For the texts of the entry; valid until it returns.</param>
    /// <param name="size">Its bytes.</param>
    /// <returns>The errno; 0 also where there is no such entry.</returns>
    public delegate int Question(byte* buffer, nuint size);

    /// <summary>Asks until the buffer is long enough.</summary>
    /// <param name="call">The function's name.</param>
    /// <param name="subject">Whom it is asked about.</param>
    /// <param name="size">The first buffer's bytes.</param>
    /// <param name="ask">Asks, and takes the answer.</param>
    /// <exception cref="NativeException">EIO, EMFILE, ENFILE, ENOMEM; ERANGE: an entry beyond all measure.</exception>
    public static void Ask(string call, string subject, int size, Question ask)
    {
        while (true)
        {
            fixed (byte* buffer = new byte[size])
            {
                switch ((Errno)ask(buffer, (nuint)size))
                {
                    // getpwuid_r(3), getgrnam_r(3): the others are other systems' words for "no such entry".
                    case Errno.None or Errno.ENOENT or Errno.ESRCH or Errno.EBADF or Errno.EPERM:
                        return;
                    case Errno.EINTR:
                        break;
                    case Errno.ERANGE when size < LastSize:
                        size *= 2;
                        break;
                    case var reason:
                        throw new NativeException(call, subject, reason);
                }
            }
        }
    }
}
