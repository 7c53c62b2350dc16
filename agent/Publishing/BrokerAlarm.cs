namespace ThatDam.Agent.Publishing;

/// <summary>Follows whether the broker takes messages for now: its alarm of memory or disk blocks a connection, and says why.</summary>
/// <param name="connection">Whose.</param>
/// <param name="troubles">Told of each alarm.</param>
/// <param name="logger">Told when it is over.</param>
internal sealed class BrokerAlarm(BrokerConnection connection, BrokerTroubles troubles, ILogger logger)
{
    private BrokerProblem? _blocked;

    /// <summary>Follows it for as long as the connection stands.</summary>
    public void Follow()
    {
        connection.BlockedChanged += Look;
        if (connection.BlockedReason is not null)
            Look();
    }

    private void Look()
    {
        if (connection.BlockedReason is { } reason)
            troubles.Tell(_blocked = BrokerProblems.Blocked(connection.Address, reason));
        else if (_blocked is { } blocked && troubles.Over(blocked))
            logger.LogInformation("The broker {Broker} takes messages again", connection.Address);
    }
}
