using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ThatDam.Agent.State;

/// <summary>The tables, and the steps from each version to the next. The version stands in <c>PRAGMA user_version</c>.</summary>
internal static class StateSchema
{
    // Append only: a step that has been released is never changed.
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE recording (
            id        TEXT PRIMARY KEY,
            device    TEXT NOT NULL,
            stable_id TEXT,
            state     TEXT NOT NULL,
            started   INTEGER NOT NULL, -- microseconds since 1970, UTC
            body      TEXT NOT NULL     -- the contract's recording, JSON
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX recording_by_start ON recording (started, id);
        CREATE INDEX recording_unfinished ON recording (started, id) WHERE state NOT IN ('stopped', 'failed');
        CREATE TABLE device_identity (
            device_key TEXT PRIMARY KEY,
            stable_id  TEXT NOT NULL UNIQUE
        ) STRICT, WITHOUT ROWID;
        """,
    ];

    /// <summary>The version that this program writes.</summary>
    public static int Version => Steps.Length;

    /// <summary>Brings the file to <see cref="Version"/>, each step in its own transaction.</summary>
    /// <exception cref="Contract.ProblemException">A newer program wrote it.</exception>
    public static void Update(SqliteConnection connection, string path)
    {
        var version = Read(connection);
        if (version > Version)
            throw StateProblems.Newer(path, version, Version);
        for (; version < Version; version++)
        {
            using var transaction = connection.BeginTransaction();
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = Steps[version] + string.Create(CultureInfo.InvariantCulture, $"\nPRAGMA user_version = {version + 1};");
            command.ExecuteNonQuery();
            transaction.Commit();
        }
    }

    private static int Read(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
