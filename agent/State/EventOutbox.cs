using System.Globalization;
using System.Text;
using System.Text.Json;
using ThatDam.Agent.Tenancy;
using ThatDam.Contract;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.State;

/// <summary>
/// Events on their way to the broker. One is committed together with what it tells of, and stays until the broker has confirmed it, or
/// until the outbox is full or it is too old: that is counted and told. Confirmed ones are kept for a while, for those who look back.
/// </summary>
public sealed class EventOutbox
{
    // Confirmed events are kept until so many others have come.
    private const int History = 1000;

    // Beyond the limit so much more is dropped at once that not every further event has to.
    private const int DropShare = 16;

    // To find the confirmed ones that lie behind a waiting one takes a look at every waiting one: not each time.
    private const int FullSweep = 512;

    // An event's age is known to this part of the limit.
    private const int AgeSteps = 64;

    // A machine without a clock of its own begins long before this; what it committed then has no age.
    private static readonly DateTimeOffset ClockWasSet = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // What the audit log does not have yet is nowhere else.
    private const string Audited = "(topic NOT LIKE 'tenant.%' OR id <= (SELECT place FROM audit))";

    private static readonly HashSet<string> Superseding = [Topics.CaptureDeviceList];

    private readonly StateDatabase _database;
    private readonly OutboxOptions _options;
    private readonly TimeProvider _time;
    private readonly string _host;
    private readonly bool _isLocal;
    private readonly long _firstOfThisRun;
    private readonly Queue<(long Ticks, long Id)> _ages = [];
    private long _agedTicks;
    private long _tooOld;
    private long _unswept;

    /// <summary>The outbox in a state file.</summary>
    /// <param name="database">Where it is kept.</param>
    /// <param name="options">How much it may hold.</param>
    /// <param name="host">This machine.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isLocal">Whether there is no broker to wait for: the outbox is a history then, and what grows too old in it is no loss to tell.</param>
    public EventOutbox(StateDatabase database, OutboxOptions options, string host, TimeProvider time, bool isLocal = false)
    {
        (_database, _options, _host, _time, _isLocal) = (database, options, host, time, isLocal);
        _agedTicks = time.GetTimestamp();
        _firstOfThisRun = database.Read(transaction => transaction.Query("SELECT coalesce(max(id), 0) FROM outbox", row => row.GetInt64(0)))[0] + 1;
    }

    /// <summary>Told after a commit that added events, on the thread that committed.</summary>
    public event Action? Added;

    /// <summary>Told after a commit that dropped events: how many, and why.</summary>
    public event Action<long, string>? Dropped;

    /// <summary>Adds an event to a transaction: it is committed with the rest of it, or not at all.</summary>
    /// <param name="transaction">What else is committed.</param>
    /// <param name="draft">The event without what all events carry.</param>
    /// <param name="device">Whom it is about, by stable id.</param>
    /// <param name="cause">Who caused it; null for the current caller.</param>
    /// <returns>The event as it was committed.</returns>
    public ContractEvent Add(StateTransaction transaction, ContractEvent draft, string? device = null, Caller? cause = null)
    {
        var now = _time.GetUtcNow();
        Expire(transaction, now);
        var e = Insert(transaction, draft, device ?? "", cause ?? Caller.Current, now, Superseding.Contains(draft.Topic) ? draft.Topic : null);
        Shrink(transaction, now);
        transaction.AfterCommit(() => Added?.Invoke());
        return e;
    }

    /// <summary>Commits an event by itself.</summary>
    /// <exception cref="ProblemException">The state cannot be written.</exception>
    public ContractEvent Commit(ContractEvent draft, string? device = null, Caller? cause = null) =>
        _database.Write(transaction => Add(transaction, draft, device, cause));

    /// <summary>Commits several in one transaction, each with the device that it is about.</summary>
    /// <exception cref="ProblemException">The state cannot be written; none is committed.</exception>
    public void Commit(IReadOnlyList<(ContractEvent Event, string? Device)> drafts, Caller cause) => _database.Write(transaction =>
    {
        foreach (var (draft, device) in drafts)
            Add(transaction, draft, device, cause);
    });

    /// <summary>Events that wait to be confirmed, the oldest first.</summary>
    /// <param name="limit">At most so many.</param>
    /// <param name="except">Without those of these streams; null for none.</param>
    public IReadOnlyList<OutboxEvent> Pending(int limit, IReadOnlyCollection<string>? except = null) => _database.Read(transaction => transaction.Query(
        "SELECT id, event_id, topic, stream, committed, body FROM outbox WHERE confirmed = 0 AND stream NOT IN (SELECT value FROM json_each($except)) ORDER BY id LIMIT $limit",
        Row, ("$limit", limit), ("$except", $"[{string.Join(',', (except ?? []).Select(stream => $"\"{JsonEncodedText.Encode(stream)}\""))}]")));

    /// <summary>Events after a place, confirmed or not, the oldest first.</summary>
    public IReadOnlyList<OutboxEvent> After(long id, int limit) => _database.Read(transaction => transaction.Query(
        "SELECT id, event_id, topic, stream, committed, body FROM outbox WHERE id > $id ORDER BY id LIMIT $limit", Row, ("$id", id), ("$limit", limit)));

    /// <summary>The place just before the first event that was committed at this time or later.</summary>
    public long PlaceOf(DateTimeOffset since) => _database.Read(transaction => transaction.Query(
        "SELECT coalesce((SELECT min(id) - 1 FROM outbox WHERE committed >= $since), (SELECT max(id) FROM outbox), 0)",
        row => row.GetInt64(0), ("$since", Microseconds(since))))[0];

    /// <summary>The place of the latest event.</summary>
    public long LastPlace() => _database.Read(transaction => transaction.Query("SELECT coalesce(max(id), 0) FROM outbox", row => row.GetInt64(0)))[0];

    /// <summary>The broker has these.</summary>
    /// <exception cref="ProblemException">The state cannot be written; they will be sent again.</exception>
    public void Confirm(IReadOnlyCollection<long> ids) => _database.Write(transaction =>
    {
        var (count, bytes) = (0L, 0L);
        foreach (var id in ids)
        {
            foreach (var size in transaction.Query("UPDATE outbox SET confirmed = 1 WHERE id = $id AND confirmed = 0 RETURNING bytes", row => row.GetInt64(0), ("$id", id)))
                (count, bytes) = (count + 1, bytes + size);
        }
        transaction.Run(
            "UPDATE outbox_count SET pending = pending - $count, pending_bytes = pending_bytes - $bytes, confirmed = confirmed + $count",
            ("$count", count), ("$bytes", bytes));
        Sweep(transaction, count);
    });

    /// <summary>How it stands.</summary>
    public OutboxFigures Figures() => _database.Read(transaction => transaction.Query(
        """
        SELECT pending, pending_bytes, confirmed, dropped, coalesced, (SELECT committed FROM outbox WHERE confirmed = 0 ORDER BY id LIMIT 1) FROM outbox_count
        """,
        row => new OutboxFigures(
            row.GetInt64(0), row.GetInt64(1), row.IsDBNull(5) ? null : Time(row.GetInt64(5)), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4))))[0];

    private ContractEvent Insert(StateTransaction transaction, ContractEvent draft, string stream, Caller cause, DateTimeOffset now, string? supersedes)
    {
        if (supersedes is not null)
        {
            Delete(transaction, "superseded = $key AND confirmed = 0", "coalesced", ("$key", supersedes));
        }
        var seq = transaction.Query(
            "INSERT INTO event_stream (stream, seq) VALUES ($stream, 1) ON CONFLICT (stream) DO UPDATE SET seq = seq + 1 RETURNING seq",
            row => row.GetInt64(0), ("$stream", stream))[0];
        var e = draft with
        {
            Service = Caller.ServiceName,
            Ts = draft.Ts == default ? now : draft.Ts,
            V = ContractEvent.CurrentVersion,
            EventId = Guid.CreateVersion7(now),
            Host = _host,
            Seq = seq,
            TenantId = cause.TenantId,
            PrincipalId = cause.PrincipalId,
            TraceId = cause.TraceId,
            RequestId = cause.RequestId,
            CorrelationId = cause.CorrelationId,
        };
        var body = Topics.ToJson(e);
        var bytes = Encoding.UTF8.GetByteCount(body);
        transaction.Run(
            """
            INSERT INTO outbox (event_id, topic, stream, committed, bytes, superseded, confirmed, body)
            VALUES ($event_id, $topic, $stream, $committed, $bytes, $superseded, 0, $body)
            """,
            ("$event_id", e.EventId.Value.ToString()), ("$topic", e.Topic), ("$stream", stream), ("$committed", Microseconds(now)),
            ("$bytes", bytes), ("$superseded", supersedes), ("$body", body));
        transaction.Run("UPDATE outbox_count SET pending = pending + 1, pending_bytes = pending_bytes + $bytes", ("$bytes", bytes));
        return e;
    }

    // What lies before the oldest waiting one is nearly all of it. With 130,000 waiting that takes 0.04 ms, a look at all of them 15. One
    // bound, for of two SQLite would search by the first alone.
    private void Sweep(StateTransaction transaction, long confirmed)
    {
        _unswept += confirmed;
        var full = _unswept >= FullSweep;
        var bound = full ? "" : "(SELECT min(id) FROM outbox WHERE confirmed = 0) - 1, ";
        transaction.Run(
            $"""
            DELETE FROM outbox WHERE confirmed = 1 AND {Audited}
            AND id <= min((SELECT max(id) FROM outbox) - $history, coalesce({bound}9223372036854775807, 0))
            """,
            ("$history", History));
        if (full)
            _unswept = 0;
    }

    // By the wall clock only for events of earlier runs, and only where it can be believed: it may be set at any time.
    private void Expire(StateTransaction transaction, DateTimeOffset now)
    {
        var count = Delete(
            transaction, $"confirmed = 0 AND id < $first AND committed < $before AND committed > $clock AND {Audited}", "dropped",
            ("$first", _firstOfThisRun), ("$before", Microseconds(now - _options.MaxAge)), ("$clock", Microseconds(ClockWasSet)));
        if (Aged(transaction))
            count += Delete(transaction, $"confirmed = 0 AND id >= $first AND id < $old AND {Audited}", "dropped", ("$first", _firstOfThisRun), ("$old", _tooOld));
        if (count > 0)
            Tell(transaction, count, string.Create(CultureInfo.InvariantCulture, $"they waited longer than {_options.MaxAge.TotalHours:0.#} h for the broker"), now);
    }

    // Whether events of this run have become too old: from time to time it is noted which event comes next.
    private bool Aged(StateTransaction transaction)
    {
        var (ticks, before) = (_time.GetTimestamp(), _tooOld);
        while (_ages.TryPeek(out var oldest) && _time.GetElapsedTime(oldest.Ticks, ticks) >= _options.MaxAge)
            _tooOld = _ages.Dequeue().Id;
        if (_time.GetElapsedTime(_agedTicks, ticks) >= _options.MaxAge / AgeSteps)
        {
            _agedTicks = ticks;
            _ages.Enqueue((ticks, transaction.Query("SELECT coalesce(max(id), 0) FROM outbox", row => row.GetInt64(0))[0] + 1));
        }
        return _tooOld != before;
    }

    private void Shrink(StateTransaction transaction, DateTimeOffset now)
    {
        var excess = transaction.Query("SELECT pending_bytes FROM outbox_count", row => row.GetInt64(0))[0] - _options.MaxBytes;
        if (excess <= 0)
            return;
        excess += _options.MaxBytes / DropShare;
        // The newest event stays, however large it is.
        var (count, last) = (0, 0L);
        foreach (var (id, bytes) in transaction.Query(
            $"""
            SELECT id, bytes FROM outbox
            WHERE confirmed = 0 AND id < (SELECT max(id) FROM outbox) AND {Audited} ORDER BY id LIMIT 4096
            """,
            row => (row.GetInt64(0), row.GetInt64(1))))
        {
            if (excess <= 0)
                break;
            (excess, count, last) = (excess - bytes, count + 1, id);
        }
        Delete(transaction, $"confirmed = 0 AND id <= $last AND {Audited}", "dropped", ("$last", last));
        if (count > 0)
            Tell(transaction, count, string.Create(CultureInfo.InvariantCulture, $"more than {_options.MaxBytes} bytes of events waited for the broker"), now);
    }

    // The latest word of it is enough: it carries the sum.
    private void Tell(StateTransaction transaction, long count, string reason, DateTimeOffset now)
    {
        if (_isLocal)
            return;
        var sum = transaction.Query("SELECT dropped FROM outbox_count", row => row.GetInt64(0))[0];
        Insert(
            transaction, new CaptureError
            {
                Error = string.Create(CultureInfo.InvariantCulture, $"{count} events were dropped unsent, for {reason}; {sum} so far."),
                Code = "events_dropped",
                Remedy = "Bring the broker back (damctl events status), or raise MaxBytes= or MaxAge= in [Events].",
            },
            "", Caller.Daemon, now, "events_dropped");
        transaction.AfterCommit(() => Dropped?.Invoke(count, reason));
    }

    private static int Delete(StateTransaction transaction, string where, string counter, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var sizes = transaction.Query($"DELETE FROM outbox WHERE {where} RETURNING bytes", row => row.GetInt64(0), values);
        if (sizes.Count > 0)
        {
            transaction.Run(
                $"UPDATE outbox_count SET pending = pending - $count, pending_bytes = pending_bytes - $bytes, {counter} = {counter} + $count",
                ("$count", sizes.Count), ("$bytes", sizes.Sum()));
        }
        return sizes.Count;
    }

    internal static OutboxEvent Row(Microsoft.Data.Sqlite.SqliteDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), Time(row.GetInt64(4)), row.GetString(5));

    private static DateTimeOffset Time(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    private static long Microseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
