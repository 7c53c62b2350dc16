using System.Text.Json;
using ThatDam.Contract;

namespace ThatDam.Agent.State;

/// <summary>Every recording there was. What a call wrote is on the disk when it returns.</summary>
/// <param name="database">Where they are kept.</param>
public sealed class RecordingStore(StateDatabase database)
{
    /// <summary>Adds a new one.</summary>
    /// <exception cref="ProblemException">It cannot be written.</exception>
    public void Insert(Contract.Recording recording) => database.Write(transaction => Insert(transaction, recording, request: null));

    /// <summary>Adds a new one, together with what else the transaction holds.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="recording">The recording.</param>
    /// <param name="request">What was asked for, so that it can be gone on with when the daemon is back.</param>
    public static void Insert(StateTransaction transaction, Contract.Recording recording, RecordingRequest? request) => transaction.Run(
        "INSERT INTO recording (id, device, stable_id, state, started, body, request) VALUES ($id, $device, $stable_id, $state, $started, $body, $request)",
        ("$id", recording.Id), ("$device", recording.Device), ("$stable_id", recording.StableId), ("$state", recording.State),
        ("$started", Microseconds(recording.Started)), ("$body", Body(recording)),
        ("$request", request is null ? null : JsonSerializer.Serialize(request, ContractJson.Default.RecordingRequest)));

    /// <summary>Replaces one.</summary>
    /// <exception cref="ProblemException">It cannot be written.</exception>
    /// <exception cref="InvalidOperationException">It was never inserted.</exception>
    public void Update(Contract.Recording recording) => database.Write(transaction => _ = Update(transaction, recording));

    /// <summary>
    /// Replaces one, together with what else the transaction holds. One that ends by itself, or by somebody's will, is not gone on with.
    /// </summary>
    /// <returns>Whether it had not ended before.</returns>
    /// <exception cref="InvalidOperationException">It was never inserted.</exception>
    public static bool Update(StateTransaction transaction, Contract.Recording recording)
    {
        var open = transaction.Query("SELECT state NOT IN ('stopped', 'failed') FROM recording WHERE id = $id", row => row.GetBoolean(0), ("$id", recording.Id));
        if (open.Count == 0)
            throw new InvalidOperationException($"Recording {recording.Id} is not in the store.");
        transaction.Run(
            "UPDATE recording SET device = $device, stable_id = $stable_id, state = $state, body = $body WHERE id = $id",
            ("$id", recording.Id), ("$device", recording.Device), ("$stable_id", recording.StableId), ("$state", recording.State),
            ("$body", Body(recording)));
        if (recording.State is "stopped" or "failed" && recording.Reason is not ("shutdown" or "recovered"))
            NotResumed(transaction, recording.Id);
        return open[0];
    }

    /// <summary>One by its id, or null.</summary>
    public Contract.Recording? Find(string id) => database.Read(
        transaction => transaction.Query("SELECT body FROM recording WHERE id = $id", row => Parse(row.GetString(0)), ("$id", id))).FirstOrDefault();

    /// <summary>Recordings, the latest first.</summary>
    /// <param name="activeOnly">Only those that have not ended.</param>
    /// <param name="limit">At most so many.</param>
    public IReadOnlyList<Contract.Recording> List(bool activeOnly, int limit = 1000) => database.Read(transaction => transaction.Query(
        activeOnly
            ? "SELECT body FROM recording WHERE state NOT IN ('stopped', 'failed') ORDER BY started DESC, id DESC LIMIT $limit"
            : "SELECT body FROM recording ORDER BY started DESC, id DESC LIMIT $limit",
        row => Parse(row.GetString(0)), ("$limit", limit)));

    /// <summary>Those that have not ended, the oldest first. Just after the start: what a crash left behind.</summary>
    public IReadOnlyList<Contract.Recording> Unfinished() => database.Read(transaction => transaction.Query(
        "SELECT body FROM recording WHERE state NOT IN ('stopped', 'failed') ORDER BY started, id", row => Parse(row.GetString(0))));

    /// <summary>Those that ended because the daemon did, and were not gone on with yet, the oldest first.</summary>
    public IReadOnlyList<EndedRecording> Resumable() => database.Read(transaction => transaction.Query(
        "SELECT body, request FROM recording WHERE request IS NOT NULL AND state IN ('stopped', 'failed') ORDER BY started, id",
        row => (Recording: Parse(row.GetString(0)), Request: JsonSerializer.Deserialize(row.GetString(1), ContractJson.Default.RecordingRequest)))
        .Where(one => one.Request is not null).Select(one => new EndedRecording(one.Recording, one.Request!, one.Recording.Stopped ?? one.Recording.Started)).ToList());

    /// <summary>One is not gone on with, or is already.</summary>
    public static void NotResumed(StateTransaction transaction, string id) => transaction.Run("UPDATE recording SET request = NULL WHERE id = $id", ("$id", id));

    private static string Body(Contract.Recording recording) => JsonSerializer.Serialize(recording, ContractJson.Default.Recording);

    private static Contract.Recording Parse(string body) => JsonSerializer.Deserialize(body, ContractJson.Default.Recording)
        ?? throw new InvalidOperationException("A stored recording is null.");

    private static long Microseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
