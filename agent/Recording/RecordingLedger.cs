using System.Collections.Concurrent;
using ThatDam.Agent.State;
using ThatDam.Agent.Tenancy;
using ThatDam.Contract;

namespace ThatDam.Agent.Recording;

/// <summary>
/// The recordings as they are on the disk, with the events that tell of them: each change and its events are one transaction, so every
/// recording that was told to have started is told to have stopped, once.
/// </summary>
/// <param name="database">Where they are kept.</param>
/// <param name="outbox">The events' way out.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Told what cannot be stored.</param>
public sealed class RecordingLedger(StateDatabase database, EventOutbox outbox, TimeProvider time, ILogger<RecordingLedger> log) : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    private readonly RecordingStore _store = new(database);
    private readonly ConcurrentDictionary<string, (Contract.Recording Recording, Caller Cause)> _unstored = new(); // ended ones that the disk did not take yet
    private ITimer? _retry;

    /// <summary>A recording begins: it is told as started.</summary>
    /// <param name="recording">Its first state.</param>
    /// <param name="alongside">What else is committed with it; null for nothing.</param>
    /// <exception cref="ProblemException">It cannot be written; then nothing was told.</exception>
    public void Begin(Contract.Recording recording, Action<StateTransaction>? alongside = null) => database.Write(transaction =>
    {
        alongside?.Invoke(transaction);
        RecordingStore.Insert(transaction, recording);
        outbox.Add(transaction, RecordingEvents.Started(recording), recording.StableId);
    });

    /// <summary>
    /// A recording goes on, or ends: then it is told as stopped. Its file goes on whatever the disk of the state says: what could not be
    /// stored is stored with the next change or half a minute later, or found unfinished at the next start; until then it is known here.
    /// </summary>
    /// <param name="recording">Its new state.</param>
    /// <param name="cause">Who caused it.</param>
    public void Advance(Contract.Recording recording, Caller cause)
    {
        Store(recording, cause);
        Retry(except: recording.Id);
    }

    /// <summary>Stores what could not be stored before.</summary>
    public void Retry() => Retry(except: null);

    private void Retry(string? except)
    {
        foreach (var (late, by) in _unstored.Values.Where(late => late.Recording.Id != except))
            Store(late, by);
    }

    /// <summary>One by its id, or null.</summary>
    public Contract.Recording? Find(string id) => _unstored.TryGetValue(id, out var late) ? late.Recording : _store.Find(id);

    /// <summary>Recordings, the latest first.</summary>
    public IReadOnlyList<Contract.Recording> List() =>
        [.. _store.List(activeOnly: false).Select(stored => _unstored.TryGetValue(stored.Id, out var late) ? late.Recording : stored)];

    /// <summary>Those that have not ended, the oldest first. Just after the start: what a crash left behind.</summary>
    public IReadOnlyList<Contract.Recording> Unfinished() => _store.Unfinished();

    private void Store(Contract.Recording recording, Caller cause)
    {
        try
        {
            database.Write(transaction =>
            {
                var open = RecordingStore.Update(transaction, recording);
                if (!open || recording.Stopped is null)
                    return;
                foreach (var e in RecordingEvents.Ended(recording))
                    outbox.Add(transaction, e, recording.StableId, cause);
            });
            _unstored.TryRemove(recording.Id, out _);
        }
        catch (ProblemException e)
        {
            log.LogError("{Recording}: its state cannot be stored: {Reason}", recording.Id, e.Message);
            if (recording.Stopped is not null)
                _unstored[recording.Id] = (recording, cause);
            _retry ??= time.CreateTimer(_ => Again(), null, RetryAfter, RetryAfter);
        }
    }

    // On a thread of the timer, from which nothing may come out.
    private void Again()
    {
        try
        {
            Retry(except: null);
        }
        catch (Exception e)
        {
            log.LogError(e, "Ended recordings cannot be stored");
        }
    }

    /// <summary>Tries no more by itself.</summary>
    public void Dispose() => _retry?.Dispose();
}
