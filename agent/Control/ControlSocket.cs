using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ThatDam.Contract;
using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;
using ThatDam.Native.Files;

namespace ThatDam.Agent.Control;

/// <summary>The path that the daemon serves on. Its owner and its group may speak to the daemon (0660), nobody else.</summary>
internal static class ControlSocket
{
    // sockaddr_un.sun_path, unix(7): 108 bytes with the end.
    private const int MaxPathBytes = 107;

    private const string Elsewhere = "--socket PATH, or Socket= in [Control]";

    /// <summary>
    /// Makes sure that the path is free to bind: removes a socket that a killed daemon left, makes the last directory if it is missing.
    /// </summary>
    /// <exception cref="ProblemException">Another daemon serves there; something else lies there; the path cannot be used.</exception>
    public static void Claim(string path)
    {
        if (Encoding.UTF8.GetByteCount(path) > MaxPathBytes)
        {
            throw Unusable(
                $"{path} is too long for a socket's path", string.Create(CultureInfo.InvariantCulture, $"Name one of at most {MaxPathBytes} bytes: {Elsewhere}."));
        }
        try
        {
            MakeDirectory(Path.GetDirectoryName(path)!);
            if (!Exists(path, out var isSocket))
                return;
            if (!isSocket)
                throw Unusable($"{path} is there and is no socket", $"Move it away, or name another path: {Elsewhere}.");
            if (IsServed(path))
                throw Taken(path);
            File.Delete(path);
        }
        catch (UnauthorizedAccessException)
        {
            throw Denied(path);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw Unusable($"{path} cannot be used ({e.Message})", $"Name another path: {Elsewhere}.");
        }
    }

    /// <summary>Where a socket that was handed over lies; null: nowhere, or it is no such socket.</summary>
    public static string? PathOf(PassedDescriptor passed)
    {
        try
        {
            using var socket = new Socket(new SafeSocketHandle(passed.DangerousGetHandle(), ownsHandle: false));
            return (socket.LocalEndPoint as UnixDomainSocketEndPoint)?.ToString();
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>Lets the group in. Until then only the owner can connect.</summary>
    public static void OpenToGroup(string path) => File.SetUnixFileMode(
        path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);

    /// <summary>What to say when binding failed after all.</summary>
    public static ProblemException BindProblem(string path, Exception e) => (e.GetBaseException() as SocketException)?.SocketErrorCode switch
    {
        SocketError.AccessDenied => Denied(path),
        SocketError.AddressAlreadyInUse => Taken(path), // by one that started in the same moment
        _ => Unusable($"{path} cannot be served on ({e.Message})", $"Name another path: {Elsewhere}."),
    };

    private static void MakeDirectory(string directory)
    {
        if (Directory.Exists(directory))
            return;
        // Only the last part: a mistyped path should fail, not grow.
        if (!Directory.Exists(Path.GetDirectoryName(directory)))
            throw Unusable($"{directory} does not exist, nor does the directory above it", $"Make it, or name another path: {Elsewhere}.");
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
    }

    private static bool Exists(string path, out bool isSocket)
    {
        isSocket = false;
        try
        {
            isSocket = FileKind.IsSocket(path);
            return true;
        }
        catch (NativeException e) when (e.Errno == Errno.ENOENT)
        {
            return false;
        }
    }

    private static bool IsServed(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            throw Denied(path);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
        {
            return true; // its queue is full, so somebody listens
        }
    }

    private static ProblemException Taken(string path) => Unusable(
        $"{path} is served by another thatdam-capture",
        $"Stop that one (systemctl stop thatdam-capture), or give this one a socket of its own: {Elsewhere}.");

    private static ProblemException Denied(string path) => Unusable(
        $"{path} may not be made by user {Environment.UserName}",
        $"Run the daemon by its unit (systemctl start thatdam-capture), or name a path in a directory of yours: {Elsewhere}.");

    private static ProblemException Unusable(string detail, string remedy) =>
        new(503, "socket_unavailable", "The socket cannot be served", detail + ".", remedy);
}
