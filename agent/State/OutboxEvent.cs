namespace ThatDam.Agent.State;

/// <summary>One committed event.</summary>
/// <param name="Id">Its place: rises with each commit, never used twice.</param>
/// <param name="EventId">UUIDv7; the AMQP message id.</param>
/// <param name="Topic">The routing key.</param>
/// <param name="Stream">The device that it is about, by stable id; empty for events without one. Order is kept within a stream.</param>
/// <param name="Committed">When it was committed.</param>
/// <param name="Body">The event, JSON.</param>
public sealed record OutboxEvent(long Id, string EventId, string Topic, string Stream, DateTimeOffset Committed, string Body);

/// <summary>How the outbox stands. Counts are over the life of the state file.</summary>
/// <param name="Pending">Events that wait to be confirmed.</param>
/// <param name="PendingBytes">Their size.</param>
/// <param name="Oldest">When the oldest of them was committed.</param>
/// <param name="Confirmed">Events that the broker confirmed.</param>
/// <param name="Dropped">Events that were dropped, for the outbox was full or they were too old.</param>
/// <param name="Coalesced">Events that a later one replaced before they were sent.</param>
public sealed record OutboxFigures(long Pending, long PendingBytes, DateTimeOffset? Oldest, long Confirmed, long Dropped, long Coalesced);
