using Microsoft.Data.Sqlite;

namespace ThatDam.Agent.State;

/// <summary>One transaction of the <see cref="StateDatabase"/>. Every store writes through one, so that two stores can share it. Ends with the call that gave it.</summary>
public sealed class StateTransaction
{
    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction? _transaction;

    private List<Action>? _afterCommit;

    internal StateTransaction(SqliteConnection connection, SqliteTransaction? transaction) => (_connection, _transaction) = (connection, transaction);

    /// <summary>Runs <paramref name="action"/> when all of this is on the disk, outside of every lock; never if it fails.</summary>
    public void AfterCommit(Action action) => (_afterCommit ??= []).Add(action);

    internal void Committed()
    {
        foreach (var action in _afterCommit ?? [])
            action();
    }

    /// <summary>Runs a statement. Returns how many rows it changed.</summary>
    /// <param name="sql">With <c>$name</c> where a value goes.</param>
    /// <param name="values">The values by name; null is NULL.</param>
    public int Run(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(sql, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>The rows of a query, each as <paramref name="row"/> makes it.</summary>
    /// <param name="sql">With <c>$name</c> where a value goes.</param>
    /// <param name="row">Reads one row.</param>
    /// <param name="values">The values by name; null is NULL.</param>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }

    private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = _connection.CreateCommand();
        command.Transaction = _transaction;
        command.CommandText = sql;
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
}
