using ThatDam.Cli.Output;

namespace ThatDam.Cli.Doctor;

/// <summary>Events do not reach the broker, or were lost on their way.</summary>
internal static class BrokerFinding
{
    public static IEnumerable<Finding> Of(Examination found)
    {
        if (found.Status?.Events is not { Broker: { } broker } events)
            yield break;
        if (!events.Connected || events.Problem is not null)
        {
            yield return new Finding(
                "events", Severity.Warning, "they do not reach the broker", events.Problem ?? $"{broker} is not connected",
                $"nothing is lost yet, they wait in the outbox: {BrokerText.Events(events.Pending)}; `damctl events status` says more");
        }

        if (events.Dropped > 0)
        {
            yield return new Finding(
                "events", Severity.Warning, "some were dropped", $"{BrokerText.Events(events.Dropped)} waited for too long, or the outbox was full",
                "raise MaxBytes= and MaxAge= in [Events], or see to it that the broker is there");
        }

        if (events.Returned > 0)
        {
            yield return new Finding(
                "events", Severity.Warning, "nobody takes some of them", $"{BrokerText.Events(events.Returned)} came back: no queue is bound for them",
                $"bind one to the exchange {events.Exchange}, or set Queues= in [Broker]");
        }
    }
}
