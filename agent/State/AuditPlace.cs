using ThatDam.Contract;

namespace ThatDam.Agent.State;

/// <summary>How far the audit log has come.</summary>
/// <param name="Place">The outbox's place of the last event that is in it.</param>
/// <param name="End">Its last line.</param>
public sealed record AuditMark(long Place, AuditEnd End);

/// <summary>Remembers how far the audit log has come, and finds the events that it lacks. The outbox keeps those.</summary>
/// <param name="database">Where it is kept.</param>
public sealed class AuditPlace(StateDatabase database)
{
    /// <summary>How far it has come.</summary>
    /// <exception cref="ProblemException">The state can no longer be read.</exception>
    public AuditMark Read() => database.Read(transaction => transaction.Query(
        "SELECT place, lines, hash FROM audit", row => new AuditMark(row.GetInt64(0), new AuditEnd(row.GetInt64(1), row.GetString(2)))))[0];

    /// <summary>It has come so far: on the disk when this returns.</summary>
    /// <exception cref="ProblemException">The state cannot be written.</exception>
    public void Move(AuditMark mark) => database.Write(transaction => transaction.Run(
        "UPDATE audit SET place = $place, lines = $lines, hash = $hash",
        ("$place", mark.Place), ("$lines", mark.End.Lines), ("$hash", mark.End.Hash)));

    /// <summary>The first line that is kept; files before it were deleted.</summary>
    /// <exception cref="ProblemException">The state can no longer be read.</exception>
    public long First() => database.Read(transaction => transaction.Query("SELECT first FROM audit", row => row.GetInt64(0)))[0];

    /// <summary>The log will begin with this line: called before the files in front of it are deleted.</summary>
    /// <exception cref="ProblemException">The state cannot be written.</exception>
    public void Begin(long first) => database.Write(transaction => transaction.Run("UPDATE audit SET first = $first", ("$first", first)));

    /// <summary>Events of the tenants' topics after a place, the oldest first.</summary>
    /// <returns>The events, and the place up to which there are no others.</returns>
    /// <exception cref="ProblemException">The state can no longer be read.</exception>
    public (IReadOnlyList<OutboxEvent> Events, long Seen) Pending(long place, int limit) => database.Read(transaction =>
    {
        var events = transaction.Query(
            "SELECT id, event_id, topic, stream, committed, body FROM outbox WHERE id > $place AND topic LIKE 'tenant.%' ORDER BY id LIMIT $limit",
            EventOutbox.Row, ("$place", place), ("$limit", limit));
        var last = events.Count == limit
            ? events[^1].Id
            : transaction.Query("SELECT coalesce(max(id), 0) FROM outbox", row => row.GetInt64(0))[0];
        return ((IReadOnlyList<OutboxEvent>)events, Math.Max(place, last));
    });
}
