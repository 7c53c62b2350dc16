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
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<Change>> _unstored = []; // what the disk did not take yet, by recording, in its order
    private ITimer? _retry;

    /// <summary>A recording begins: it is told as started.</summary>
    /// <param name="recording">Its first state.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="alongside">What else is committed with it; null for nothing.</param>
    /// <exception cref="ProblemException">It cannot be written; then nothing was told.</exception>
    public void Begin(Contract.Recording recording, RecordingRequest? request = null, Action<StateTransaction>? alongside = null) => database.Write(transaction =>
    {
        alongside?.Invoke(transaction);
        RecordingStore.Insert(transaction, recording, request);
        foreach (var e in RecordingEvents.Of(recording, RecordingStep.Begin(1)))
            outbox.Add(transaction, e, recording.StableId);
    });

    /// <summary>
    /// Something has changed about a recording. Its files go on whatever the disk of the state says: what could not be stored is stored,
    /// in its order, with the next change or half a minute later, or found unfinished at the next start; until then it is known here.
    /// </summary>
    /// <param name="recording">Its new state.</param>
    /// <param name="cause">Who caused it.</param>
    /// <param name="step">What has changed; a file's start and end are told.</param>
    internal void Advance(Contract.Recording recording, Caller cause, RecordingStep step)
    {
        lock (_gate)
        {
            Store(new Change(recording, cause, step));
            RetryLocked();
        }
    }

    /// <summary>Stores what could not be stored before.</summary>
    public void Retry()
    {
        lock (_gate)
            RetryLocked();
    }

    /// <summary>How many recordings have changes that the disk did not take yet.</summary>
    public int Unstored
    {
        get
        {
            lock (_gate)
                return _unstored.Count;
        }
    }

    /// <summary>One by its id, or null.</summary>
    public Contract.Recording? Find(string id) => Late(id) ?? _store.Find(id);

    /// <summary>Recordings, the latest first.</summary>
    public IReadOnlyList<Contract.Recording> List() => [.. _store.List(activeOnly: false).Select(stored => Late(stored.Id) ?? stored)];

    /// <summary>Those that have not ended, the oldest first. Just after the start: what a crash left behind.</summary>
    public IReadOnlyList<Contract.Recording> Unfinished() => _store.Unfinished();

    /// <summary>Those that ended because the daemon did, and were not gone on with yet.</summary>
    public IReadOnlyList<EndedRecording> Resumable() => _store.Resumable();

    /// <summary>One is not gone on with. Where that cannot be stored the next start looks at it again.</summary>
    public void NotResumed(string id)
    {
        try
        {
            database.Write(transaction => NotResumed(transaction, id));
        }
        catch (ProblemException e)
        {
            log.LogError("{Recording}: its state cannot be stored: {Reason}", id, e.Message);
        }
    }

    /// <summary>One is gone on with.</summary>
    internal static void NotResumed(StateTransaction transaction, string id) => RecordingStore.NotResumed(transaction, id);

    private Contract.Recording? Late(string id)
    {
        lock (_gate)
            return _unstored.TryGetValue(id, out var changes) ? changes[^1].Recording : null;
    }

    private void Store(Change change)
    {
        var id = change.Recording.Id;
        var late = _unstored.GetValueOrDefault(id);
        if (late is null && TryStore(change))
            return;
        // A state that is only passed through is not owed; nothing is told by it.
        if (change.Step == RecordingStep.Advanced)
            return;
        if (late is null)
            _unstored.Add(id, late = []);
        late.Add(change);
        _retry ??= time.CreateTimer(_ => Again(), null, RetryAfter, RetryAfter);
    }

    private void RetryLocked()
    {
        foreach (var (id, late) in _unstored.ToList())
        {
            while (late.Count > 0 && TryStore(late[0]))
                late.RemoveAt(0);
            if (late.Count == 0)
                _unstored.Remove(id);
        }
    }

    private bool TryStore(Change change)
    {
        var (recording, cause, step) = change;
        try
        {
            database.Write(transaction =>
            {
                if (!RecordingStore.Update(transaction, recording))
                    return; // it had ended
                foreach (var e in RecordingEvents.Of(recording, step))
                    outbox.Add(transaction, e, recording.StableId, cause);
            });
            return true;
        }
        catch (ProblemException e)
        {
            log.LogError("{Recording}: its state cannot be stored: {Reason}", recording.Id, e.Message);
            return false;
        }
    }

    // On a thread of the timer, from which nothing may come out.
    private void Again()
    {
        try
        {
            Retry();
        }
        catch (Exception e)
        {
            log.LogError(e, "Ended recordings cannot be stored");
        }
    }

    /// <summary>Tries no more by itself.</summary>
    public void Dispose() => _retry?.Dispose();

    private sealed record Change(Contract.Recording Recording, Caller Cause, RecordingStep Step);
}
