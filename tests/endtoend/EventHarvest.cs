using System.Text.Json;
using Microsoft.Data.Sqlite;
using ThatDam.Contract;

namespace ThatDam.EndToEnd.Tests;

/// <summary>
/// Keeps every event that a daemon committed, for <c>tests/run.sh events</c>, which has each of them checked against its schema: one file a
/// daemon in the folder that <c>THATDAM_EVENTS</c> names.
/// </summary>
internal static class EventHarvest
{
    /// <summary>Takes the events of a daemon that has ended.</summary>
    public static void Take(string stateDirectory)
    {
        var database = Path.Combine(stateDirectory, "state.db");
        if (Environment.GetEnvironmentVariable("THATDAM_EVENTS") is not { Length: > 0 } folder || !File.Exists(database))
            return;
        Directory.CreateDirectory(folder);
        using var output = new StreamWriter(Path.Combine(folder, $"{Guid.NewGuid():N}.jsonl"));
        foreach (var (topic, body) in Read(database))
        {
            using var parsed = JsonDocument.Parse(body);
            output.WriteLine(JsonSerializer.Serialize(new EventEnvelope(topic, parsed.RootElement), ContractJson.Default.EventEnvelope));
        }
    }

    /// <summary>
    /// Every event that is still in the outbox of a daemon that has ended, the oldest first: topic and body. Reads a copy: SQLite writes beside
    /// what it reads, and where the daemon kept it there may be no room.
    /// </summary>
    public static List<(string Topic, string Body)> Read(string database)
    {
        SQLitePCL.Batteries_V2.Init();
        using var folder = new TemporaryFolder();
        var copy = Path.Combine(folder.Path, "state.db");
        foreach (var part in new[] { "", "-wal" }.Where(part => File.Exists(database + part)))
            File.Copy(database + part, copy + part);
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = copy, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT topic, body FROM outbox ORDER BY id";
        using var reader = command.ExecuteReader();
        var events = new List<(string, string)>();
        while (reader.Read())
            events.Add((reader.GetString(0), reader.GetString(1)));
        return events;
    }
}
