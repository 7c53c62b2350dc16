using System.Globalization;
using Microsoft.Data.Sqlite;
using ThatDam.Contract;

namespace ThatDam.Agent.State;

/// <summary>What can be wrong with the state file, in words: the file, the reason and the remedy. Source: sqlite.org/rescode.html.</summary>
internal static class StateProblems
{
    private const int Busy = 5;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <summary>The problem that an exception stands for; null when it is not about the file.</summary>
    public static ProblemException? From(Exception e, string path) => e switch
    {
        SqliteException { SqliteErrorCode: Busy } =>
            Unusable(path, "is in use by another thatdam-capture", "Stop that one, or give this one a directory of its own: --state DIR, or Directory= in [State]."),
        SqliteException { SqliteErrorCode: ReadOnly or CannotOpen } => Denied(path),
        SqliteException { SqliteErrorCode: Full } => NoSpace(path),
        SqliteException { SqliteErrorCode: Corrupt or NotADatabase } =>
            Unusable(path, "is damaged", $"Move {path} and {path}-wal away and start again: the recordings' files stay, only their listing is lost."),
        SqliteException { SqliteErrorCode: InputOutput } sqlite =>
            Unusable(path, $"cannot be read or written ({sqlite.Message})", "Check the disk: the kernel's log (dmesg) says more."),
        UnauthorizedAccessException => Denied(path),
        IOException io when io.Message.Contains("No space left", StringComparison.Ordinal) => NoSpace(path),
        IOException io => Unusable(path, $"cannot be made ({io.Message})", "Name another directory: --state DIR, or Directory= in [State]."),
        _ => null,
    };

    /// <summary>The path, the reason and the remedy.</summary>
    public static ProblemException Unusable(string path, string reason, string remedy) =>
        new(503, "state_unavailable", "State cannot be kept", $"{path} {reason}.", remedy);

    /// <summary>A newer program wrote it.</summary>
    public static ProblemException Newer(string path, int found, int known) => Unusable(
        path, string.Create(CultureInfo.InvariantCulture, $"was written by a newer version (its schema is {found}, this program knows {known})"),
        "Install that version again, or start with an empty directory: --state DIR.");

    private static ProblemException Denied(string path) => Unusable(
        path, $"cannot be written by user {Environment.UserName}",
        "Give that user the directory (chown), mount it writable, or name another: --state DIR, or Directory= in [State].");

    private static ProblemException NoSpace(string path) =>
        new(507, "state_full", "State cannot be kept", $"{path} cannot grow: its disk is full.", "Free some space on it.");
}
