using Microsoft.Data.Sqlite;
using ThatDam.Agent.State;
using ThatDam.Contract;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Tests.State;

public sealed class StateDatabaseTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void A_missing_directory_is_made_but_not_a_tree_of_them()
    {
        StateDatabase.Open(_directory["state"]).Dispose();
        Assert.True(File.Exists(_directory["state/state.db"]));
        var problem = Refused(_directory["typo/state"]);
        Assert.Equal($"{_directory["typo/state"]} does not exist, nor does the directory above it.", problem.Detail);
        Assert.Equal("Make it, or name another: --state DIR, or Directory= in [State].", problem.Remedy);
        Assert.False(Directory.Exists(_directory["typo"]));
    }

    [Fact]
    public void A_file_in_the_directorys_place_is_named() =>
        Assert.Equal($"{_directory["f"]} is a file, not a directory.", Refused(_directory.Write("f", "")).Detail);

    [Fact]
    public void A_directory_that_cannot_be_written_is_named_with_the_remedy()
    {
        // Read-only for everybody, root too.
        var problem = Refused("/proc/self");
        Assert.Equal("state_unavailable", problem.Code);
        Assert.StartsWith("/proc/self/state.db cannot be ", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("--state DIR", problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_is_told_from_a_good_one()
    {
        var path = _directory.Write("state.db", new string('x', 8192));
        var problem = Refused(_directory.Path);
        Assert.Equal($"{path} is damaged.", problem.Detail);
        Assert.Contains($"Move {path} and {path}-wal away", problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_a_newer_version_is_left_alone()
    {
        StateDatabase.Open(_directory.Path).Dispose();
        Execute("PRAGMA user_version = 99");
        Assert.Equal($"{_directory["state.db"]} was written by a newer version (its schema is 99, this program knows {StateSchema.Version}).", Refused(_directory.Path).Detail);
    }

    [Fact]
    public void A_file_of_the_first_version_is_brought_up_to_date_and_keeps_what_is_in_it()
    {
        // As version 1 made it, word for word: not what today's program would make.
        _directory.Write("state.db", "");
        Execute(
            """
            PRAGMA journal_mode = WAL;
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
            INSERT INTO recording VALUES ('a', '/dev/video0', 'cam', 'recording', 1795503600000000,
                '{"id":"a","device":"/dev/video0","file":"/recordings/a.mp4","state":"recording","codec":"h264","container":"mp4","started":"2026-11-24T07:00:00+00:00","frames":{"captured":7,"lost":0,"error":0,"dropped":0,"written":7},"segments":[]}');
            INSERT INTO device_identity VALUES ('usb-1.2', 'cam');
            PRAGMA user_version = 1;
            """);
        using (var database = StateDatabase.Open(_directory.Path))
        {
            Assert.Equal("a", Assert.Single(new RecordingStore(database).Unfinished()).Id);
            Assert.Equal("cam", new DeviceIdentityStore(database).Find("usb-1.2"));
            Assert.Equal(new AuditMark(0, AuditEnd.None), new AuditPlace(database).Read());
            var outbox = new EventOutbox(database, new OutboxOptions(), "host", TimeProvider.System);
            Assert.Equal(1, outbox.Commit(new CaptureError { Error = "x" }).Seq);
            Assert.Equal(StateSchema.Version, database.Read(t => t.Query("PRAGMA user_version", row => row.GetInt32(0)))[0]);
        }
        StateDatabase.Open(_directory.Path).Dispose();
    }

    [Fact]
    public void A_second_daemon_on_the_same_directory_is_refused()
    {
        using var first = StateDatabase.Open(_directory.Path);
        Assert.Equal($"{_directory["state.db"]} is in use by another thatdam-capture.", Refused(_directory.Path).Detail);
    }

    [Fact]
    public void A_full_disk_is_named_and_survived()
    {
        using var database = StateDatabase.Open(_directory.Path);
        var store = new RecordingStore(database);
        database.Read(transaction => transaction.Query("PRAGMA max_page_count = 16", row => row.GetInt32(0)));
        var full = Assert.Throws<ProblemException>(() => store.Insert(Recordings.One("a") with { Error = new string('x', 200_000) })).Problem;
        Assert.Equal(("state_full", 507), (full.Code, full.Status));
        Assert.Equal($"{_directory["state.db"]} cannot grow: its disk is full.", full.Detail);
        store.Insert(Recordings.One("b"));
        Assert.Equal(["b"], store.List(activeOnly: false).Select(r => r.Id));
    }

    [Fact]
    public void Nobody_else_may_read_the_file()
    {
        using var database = StateDatabase.Open(_directory.Path);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_directory["state.db"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_directory["state.db-wal"]));
    }

    [Fact]
    public void Every_commit_is_synced()
    {
        using var database = StateDatabase.Open(_directory.Path);
        Assert.Equal("wal", database.Read(t => t.Query("PRAGMA journal_mode", row => row.GetString(0)))[0]);
        Assert.Equal(2, database.Read(t => t.Query("PRAGMA synchronous", row => row.GetInt32(0)))[0]);
    }

    [Fact]
    public void A_stable_id_once_given_stays_and_goes_to_no_other()
    {
        using (var database = StateDatabase.Open(_directory.Path))
        {
            var store = new DeviceIdentityStore(database);
            Assert.Null(store.Find("usb-1.2"));
            Assert.True(store.Keep("usb-1.2", "046d:0825-A1B2-0"));
            Assert.True(store.Keep("usb-1.2", "046d:0825-A1B2-0"));
            Assert.False(store.Keep("usb-1.2", "other"));
            Assert.False(store.Keep("usb-1.3", "046d:0825-A1B2-0"));
        }
        using var reopened = StateDatabase.Open(_directory.Path);
        Assert.Equal("046d:0825-A1B2-0", new DeviceIdentityStore(reopened).Find("usb-1.2"));
        Assert.Equal("usb-1.2", new DeviceIdentityStore(reopened).KeyOf("046d:0825-A1B2-0"));
        Assert.Null(new DeviceIdentityStore(reopened).Find("usb-1.3"));
    }

    public void Dispose() => _directory.Dispose();

    private static Problem Refused(string directory) => Assert.Throws<ProblemException>(() => StateDatabase.Open(directory)).Problem;

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_directory["state.db"]};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
