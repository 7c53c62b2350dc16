using Microsoft.Data.Sqlite;
using ThatDam.Contract;

namespace ThatDam.Agent.State;

/// <summary>
/// What must survive: one SQLite file, <c>state.db</c>. A transaction that has returned is on the disk (WAL, synchronous=FULL). One
/// connection with a lock, so any thread may call; one process at a time, so a second daemon on the same directory is refused.
/// After an error nothing of the failed transaction is kept, and the next one may be tried.
/// </summary>
public sealed class StateDatabase : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Lock _gate = new();
    private long _writingSince; // by the system's timestamps; 0: nobody writes

    static StateDatabase() => SQLitePCL.Batteries_V2.Init();

    private StateDatabase(SqliteConnection connection, string path) => (_connection, Path) = (connection, path);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>How long the write that is under way has taken: a disk may hang.</summary>
    public TimeSpan Writing => Interlocked.Read(ref _writingSince) is var since and not 0 ? TimeProvider.System.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Opens the file in <paramref name="directory"/>, making both if they are missing, and brings its schema up to date.</summary>
    /// <exception cref="ProblemException">
    /// The directory is missing with its parent, not a directory, read-only or full; the file is damaged, of a newer version, or in use.
    /// </exception>
    public static StateDatabase Open(string directory)
    {
        var path = System.IO.Path.Combine(directory, "state.db");
        MakeDirectory(directory);
        SqliteConnection? connection = null;
        try
        {
            MakeFile(path);
            connection = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = SqliteOpenMode.ReadWrite,
                Pooling = false,
                DefaultTimeout = 2,
            }.ToString());
            connection.Open();
            // Exclusive: no shared-memory file, and nobody else's transaction can ever make ours wait.
            Run(connection, "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;");
            StateSchema.Update(connection, path);
            return new StateDatabase(connection, path);
        }
        catch (Exception e)
        {
            connection?.Dispose();
            if (StateProblems.From(e, path) is { } problem)
                throw problem;
            throw;
        }
    }

    /// <summary>Does <paramref name="work"/> in one transaction: all of it is kept, or on an exception nothing.</summary>
    /// <exception cref="ProblemException">The disk is full, or the file can no longer be written.</exception>
    public T Write<T>(Func<StateTransaction, T> work)
    {
        StateTransaction written;
        T result;
        lock (_gate)
        {
            Interlocked.Exchange(ref _writingSince, TimeProvider.System.GetTimestamp());
            try
            {
                using var transaction = _connection.BeginTransaction();
                written = new StateTransaction(_connection, transaction);
                result = work(written);
                transaction.Commit();
            }
            catch (SqliteException e) when (StateProblems.From(e, Path) is { } problem)
            {
                throw problem;
            }
            finally
            {
                Interlocked.Exchange(ref _writingSince, 0);
            }
        }
        written.Committed();
        return result;
    }

    /// <inheritdoc cref="Write{T}"/>
    public void Write(Action<StateTransaction> work) => Write(transaction =>
    {
        work(transaction);
        return true;
    });

    /// <summary>Reads one state of everything: no write comes in between.</summary>
    /// <exception cref="ProblemException">The file can no longer be read.</exception>
    public T Read<T>(Func<StateTransaction, T> work)
    {
        lock (_gate)
        {
            try
            {
                return work(new StateTransaction(_connection, null));
            }
            catch (SqliteException e) when (StateProblems.From(e, Path) is { } problem)
            {
                throw problem;
            }
        }
    }

    private static void MakeDirectory(string directory)
    {
        if (Directory.Exists(directory))
            return;
        if (File.Exists(directory))
            throw StateProblems.Unusable(directory, "is a file, not a directory", "Name a directory: --state DIR, or Directory= in [State].");
        // Only the last part: a mistyped path should fail, not grow.
        if (!Directory.Exists(System.IO.Path.GetDirectoryName(System.IO.Path.TrimEndingDirectorySeparator(directory))))
            throw StateProblems.Unusable(
                directory, "does not exist, nor does the directory above it", "Make it, or name another: --state DIR, or Directory= in [State].");
        try
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
        }
        catch (Exception e) when (StateProblems.From(e, directory) is { } problem)
        {
            throw problem;
        }
    }

    // SQLite would make it readable by all; its -wal file takes the mode of this one.
    private static void MakeFile(string path)
    {
        if (File.Exists(path))
            return;
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Closes the file. What was committed stays.</summary>
    public void Dispose()
    {
        lock (_gate)
            _connection.Dispose();
    }
}
