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
        """
        CREATE TABLE outbox (
            id         INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice
            event_id   TEXT NOT NULL UNIQUE,
            topic      TEXT NOT NULL,
            stream     TEXT NOT NULL,    -- the device's stable id, or empty
            committed  INTEGER NOT NULL, -- microseconds since 1970, UTC
            bytes      INTEGER NOT NULL,
            superseded TEXT,             -- a later one with the same word takes its place
            confirmed  INTEGER NOT NULL, -- 1 when the broker has it
            body       TEXT NOT NULL     -- the event, JSON
        ) STRICT;
        CREATE INDEX outbox_pending ON outbox (id) WHERE confirmed = 0;
        CREATE INDEX outbox_superseded ON outbox (superseded) WHERE superseded IS NOT NULL AND confirmed = 0;
        CREATE INDEX outbox_by_time ON outbox (committed);
        CREATE TABLE outbox_count (pending INTEGER NOT NULL, pending_bytes INTEGER NOT NULL, confirmed INTEGER NOT NULL, dropped INTEGER NOT NULL, coalesced INTEGER NOT NULL) STRICT;
        INSERT INTO outbox_count VALUES (0, 0, 0, 0, 0);
        CREATE TABLE event_stream (
            stream TEXT PRIMARY KEY,
            seq    INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE audit (
            place INTEGER NOT NULL, -- of the last event in the audit log
            lines INTEGER NOT NULL, -- in all of its files
            hash  TEXT NOT NULL,    -- of its last line
            first INTEGER NOT NULL  -- line that is kept, or is about to be
        ) STRICT;
        INSERT INTO audit VALUES (0, 0, '', 1);
        """,
        """
        CREATE TABLE known_device (
            stable_id TEXT PRIMARY KEY,
            last_seen INTEGER NOT NULL, -- microseconds since 1970, UTC
            body      TEXT NOT NULL     -- what is known of it, JSON
        ) STRICT, WITHOUT ROWID;
        """,
        """
        CREATE TABLE held_camera (
            stable_id TEXT PRIMARY KEY,
            plugged   TEXT NOT NULL -- which plugging in it was
        ) STRICT, WITHOUT ROWID;
        """,
        """
        ALTER TABLE recording ADD COLUMN request TEXT; -- what was asked for, JSON; while it runs, and where it ended with the daemon
        CREATE INDEX recording_resumable ON recording (started, id) WHERE request IS NOT NULL;
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
