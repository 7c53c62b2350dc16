using Microsoft.Extensions.Logging;
using ThatDam.Agent.Publishing;

namespace ThatDam.Agent.Tests.Publishing;

public sealed class BrokerTroublesTests : ILogger
{
    private static readonly BrokerProblem Refused = new("It refuses.", "Start it.");
    private static readonly BrokerProblem Denied = new("It denies.", "Allow it.");
    private readonly List<string> _log = [];

    [Fact]
    public void Each_is_told_once_until_a_connection_stands()
    {
        var troubles = new BrokerTroubles(this);
        foreach (var problem in new[] { Refused, Denied, Refused, Denied })
            troubles.Tell(problem);
        Assert.Equal(["It refuses. Start it.", "It denies. Allow it."], _log);
        Assert.Equal(Denied, troubles.Current);

        Assert.True(troubles.Opened());
        Assert.False(troubles.Opened());
        Assert.Null(troubles.Current);
        troubles.Tell(Refused);
        Assert.Equal(3, _log.Count);
    }

    [Fact]
    public void One_that_came_while_sending_is_over_only_when_an_event_is_confirmed()
    {
        var troubles = new BrokerTroubles(this);
        Assert.True(troubles.Opened());
        for (var i = 0; i < 3; i++)
        {
            troubles.WhileSending();
            troubles.Tell(Denied);
            Assert.False(troubles.Opened());
        }
        Assert.Single(_log);
        Assert.Equal(Denied, troubles.Current);
        Assert.True(troubles.Confirmed());
        Assert.False(troubles.Confirmed());
        Assert.Null(troubles.Current);
    }

    [Fact]
    public void One_that_is_over_is_told_again_when_it_comes_again()
    {
        var troubles = new BrokerTroubles(this);
        troubles.Tell(Denied);
        Assert.True(troubles.Over(Denied));
        Assert.Null(troubles.Current);
        troubles.Tell(Denied);
        Assert.Equal(2, _log.Count);
        troubles.Tell(Refused);
        Assert.False(troubles.Over(Denied));
        Assert.Equal(Refused, troubles.Current);
    }

    [Fact]
    public void A_notice_is_told_once_and_is_no_problem()
    {
        var troubles = new BrokerTroubles(this);
        troubles.Notice(Denied);
        troubles.Opened();
        troubles.Notice(Denied);
        Assert.Single(_log);
        Assert.Null(troubles.Current);
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _log.Add(formatter(state, exception));
}
