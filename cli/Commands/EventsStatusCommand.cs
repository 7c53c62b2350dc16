using ThatDam.Cli.Client;
using ThatDam.Cli.Output;
using ThatDam.Contract;

namespace ThatDam.Cli.Commands;

/// <summary><c>damctl events status</c></summary>
internal static class EventsStatusCommand
{
    public static Verb Create(GlobalOptions options) => options.Run(
        new Verb(
            "status",
            "Whether the broker is connected, what waits for it, and what became of the rest",
            "damctl events status",
            "damctl events status -o json | jq .pending"),
        (_, run) =>
        {
            Answer answer = run.Daemon.EventsStatus();
            if (run.ForPeople)
                Print(run.Terminal, answer.Read(ContractJson.Default.EventsStatus));
            else
                Json.Write(run.Terminal, answer, run.Format);
            return ExitCode.Ok;
        });

    private static void Print(Terminal terminal, EventsStatus status)
    {
        (string connection, Style style) = BrokerText.Connection(status);
        var fields = new Fields(indent: 0);
        fields.Add("broker", status.Broker ?? "none");
        fields.Add("exchange", status.Exchange);
        fields.Add("connected", connection, style);
        fields.Add("problem", status.Problem, Style.Red);
        fields.Add("pending", BrokerText.Pending(status, terminal.Time.GetUtcNow()));
        fields.Add("confirmed", BrokerText.Events(status.Confirmed));
        fields.Add("returned", BrokerText.Events(status.Returned), status.Returned > 0 ? Style.Yellow : Style.None);
        fields.Add(
            "",
            status.Returned > 0 ? $"no queue is bound for them: bind one to the exchange {status.Exchange}, or set Queues in [Broker]" : null,
            Style.Yellow);
        fields.Add("dropped", BrokerText.Events(status.Dropped), status.Dropped > 0 ? Style.Red : Style.None);
        fields.Add(
            "",
            status.Dropped > 0 ? "the outbox was full, or they were too old: see MaxBytes and MaxAge in [Events]" : null,
            Style.Red);
        fields.Add("coalesced", BrokerText.Events(status.Coalesced));
        fields.Add("connections", status.Broker is null ? null : Figures.Count(status.Connections));
        fields.Write(terminal);
    }
}
