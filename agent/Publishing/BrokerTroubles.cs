namespace ThatDam.Agent.Publishing;

/// <summary>
/// What is wrong with the broker now, and what of it was told already: each problem once, until it is over. One that came while events were
/// sent is over when one is confirmed, for the next connection may end the same way; any other when a connection stands. For any thread.
/// </summary>
internal sealed class BrokerTroubles(ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _told = [];
    private readonly HashSet<string> _noticed = [];
    private BrokerProblem? _current;
    private bool _whileSending;
    private bool _unannounced = true;

    /// <summary>What is wrong; null when nothing is.</summary>
    public BrokerProblem? Current
    {
        get
        {
            lock (_gate)
                return _current;
        }
    }

    /// <summary>Something is wrong.</summary>
    public void Tell(BrokerProblem problem)
    {
        lock (_gate)
        {
            (_current, _unannounced) = (problem, true);
            if (!_told.Add(problem.Text))
                return;
        }
        logger.LogWarning("{Problem} {Remedy}", problem.Text, problem.Remedy);
    }

    /// <summary>Something is not as configured, but does not keep events from going out. Told once in the life of the process.</summary>
    public void Notice(BrokerProblem problem)
    {
        lock (_gate)
        {
            if (!_noticed.Add(problem.Text))
                return;
        }
        logger.LogWarning("{Problem} {Remedy}", problem.Text, problem.Remedy);
    }

    /// <summary>What goes wrong now does so with events on their way.</summary>
    public void WhileSending()
    {
        lock (_gate)
            _whileSending = true;
    }

    /// <summary>A connection stands. Returns whether all is well again, and that was not said yet.</summary>
    public bool Opened()
    {
        lock (_gate)
            return !_whileSending && Well();
    }

    /// <summary>An event was confirmed. Returns whether all is well again, and that was not said yet.</summary>
    public bool Confirmed()
    {
        lock (_gate)
        {
            if (!_whileSending)
                return false;
            _whileSending = false;
            return Well();
        }
    }

    /// <summary>This problem is over. Returns whether it was the current one.</summary>
    public bool Over(BrokerProblem problem)
    {
        lock (_gate)
        {
            _told.Remove(problem.Text);
            if (_current != problem)
                return false;
            (_current, _unannounced) = (null, false);
            return true;
        }
    }

    private bool Well()
    {
        _told.Clear();
        var said = _unannounced;
        (_current, _unannounced) = (null, false);
        return said;
    }
}
