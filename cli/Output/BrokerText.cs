using ThatDam.Contract;

namespace ThatDam.Cli.Output;

/// <summary>How the events do, in words.</summary>
internal static class BrokerText
{
    /// <summary>Whether messages can be sent, and how that stands out.</summary>
    public static (string Text, Style Style) Connection(EventsStatus status) => status switch
    {
        { Broker: null } => ("local mode: no broker is configured", Style.None),
        { Connected: true } => ("yes", Style.Green),
        _ => ("no", Style.Red),
    };

    /// <summary>The same in a line among others.</summary>
    public static string Line(EventsStatus status)
    {
        string connection = status switch
        {
            { Broker: null } => "local mode",
            { Connected: true } => $"connected to {status.Broker}",
            _ => $"not connected to {status.Broker}",
        };
        return $"{connection}, {Figures.Count(status.Pending)} pending";
    }

    /// <summary>What waits for the broker.</summary>
    public static string Pending(EventsStatus status, DateTimeOffset now)
    {
        string pending = Events(status.Pending);
        if (status.Pending > 0)
            pending += $", {Figures.Bytes(status.PendingBytes)}";
        return status.Oldest is { } oldest ? $"{pending}, the oldest for {Figures.Span((long)(now - oldest).TotalSeconds)}" : pending;
    }

    /// <summary>A number of events.</summary>
    public static string Events(long count) => $"{Figures.Count(count)} event{(count == 1 ? "" : "s")}";
}
