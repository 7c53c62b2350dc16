namespace ThatDam.Contract;

/// <summary>How the events do: the outbox and the broker. <c>GET /v1/events/status</c>, and a part of <c>/v1/status</c>.</summary>
public sealed record EventsStatus
{
    /// <summary>The broker's host and port, without user and password; null in local mode.</summary>
    public string? Broker { get; init; }

    /// <summary>The exchange.</summary>
    public string? Exchange { get; init; }

    /// <summary>Whether messages can be sent now. Always false in local mode.</summary>
    public required bool Connected { get; init; }

    /// <summary>Why not, with the remedy; null in local mode.</summary>
    public string? Problem { get; init; }

    /// <summary>Events that wait to be confirmed.</summary>
    public required long Pending { get; init; }

    /// <summary>Their size.</summary>
    public required long PendingBytes { get; init; }

    /// <summary>When the oldest of them was committed.</summary>
    public DateTimeOffset? Oldest { get; init; }

    /// <summary>Events that the broker has confirmed, since the state was made.</summary>
    public required long Confirmed { get; init; }

    /// <summary>Of those, the ones that no queue was bound for (mandatory, returned), since the daemon started.</summary>
    public required long Returned { get; init; }

    /// <summary>Events dropped because the outbox was full or they were too old, since the state was made.</summary>
    public required long Dropped { get; init; }

    /// <summary>Device lists that a later one replaced before they were sent, since the state was made.</summary>
    public required long Coalesced { get; init; }

    /// <summary>Connections that were made, since the daemon started.</summary>
    public required long Connections { get; init; }
}
