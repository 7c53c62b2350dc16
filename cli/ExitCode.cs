namespace ThatDam.Cli;

/// <summary>What damctl tells the program that ran it.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The daemon refused or failed, or a recording failed.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong; the daemon was not asked.</summary>
    public const int Usage = 2;

    /// <summary>No such device, recording or file.</summary>
    public const int NotFound = 3;

    /// <summary>The socket, the daemon or a file denies this user.</summary>
    public const int Denied = 4;

    /// <summary>Nobody answers at the socket.</summary>
    public const int Unreachable = 5;

    /// <summary>Something else stands in the way: another mode, an ambiguous name.</summary>
    public const int Conflict = 6;

    /// <summary>Ctrl-C while waiting: 128 and SIGINT, as the shell has it.</summary>
    public const int Interrupted = 130;
}
