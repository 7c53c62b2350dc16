using System.Net.Sockets;

using ThatDam.Contract;

namespace ThatDam.Cli;

/// <summary>Ends the command: the thing, the reason, the remedy and the exit code.</summary>
internal sealed class FailureException(int exitCode, string message, string? remedy = null) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>What to do about it.</summary>
    public string? Remedy { get; } = remedy;

    /// <summary>The failure that a connection to the socket ended in.</summary>
    public static FailureException OfConnection(string socketPath, SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.AccessDenied => new(
            Cli.ExitCode.Denied,
            $"{socketPath}: permission denied",
            $"join the group thatdam: `sudo usermod -aG thatdam {Environment.UserName}`, then log in again"),
        SocketError.ConnectionRefused => Unreachable(socketPath, "nothing listens there"),
        _ when !Path.Exists(socketPath) => Unreachable(socketPath, "no such socket"),
        _ => Unreachable(socketPath, exception.Message),
    };

    /// <summary>Nobody answers at the socket.</summary>
    public static FailureException Unreachable(string socketPath, string reason) => new(
        Cli.ExitCode.Unreachable,
        $"{socketPath}: {reason}",
        "start the daemon with `sudo systemctl start thatdam-capture`, or name its socket with --socket PATH");

    /// <summary>The daemon's own words.</summary>
    public static FailureException OfProblem(Problem problem) => new(
        OfStatus(problem.Status),
        string.IsNullOrWhiteSpace(problem.Detail) ? problem.Title : problem.Detail,
        problem.Remedy);

    /// <summary>The exit code for an HTTP status that is an error.</summary>
    public static int OfStatus(int status) => status switch
    {
        403 => Cli.ExitCode.Denied,
        404 => Cli.ExitCode.NotFound,
        409 => Cli.ExitCode.Conflict,
        _ => Cli.ExitCode.Failure,
    };
}
