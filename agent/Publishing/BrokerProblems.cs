using System.Net.Sockets;
using System.Security.Authentication;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using ThatDam.Contract;

namespace ThatDam.Agent.Publishing;

/// <summary>
/// What an exception of the client means, in words: the thing, the reason and the remedy. Sources: the reply codes of AMQP 0-9-1, and what
/// RabbitMQ 3.10 to 4 answers.
/// </summary>
internal static class BrokerProblems
{
    private const string Again = "It is tried again by itself.";

    // AMQP 0-9-1, 1.2.
    private const int ConnectionForced = 320;
    private const int AccessRefused = 403;
    private const int NotFound = 404;
    private const int PreconditionFailed = 406;
    private const int NotAllowed = 530;

    // OpenSSL's words for what the broker says of the daemon's certificate; with TLS 1.3 it says so after the handshake.
    private static readonly string[] CertificateAlerts =
        ["alert certificate required", "alert handshake failure", "alert bad certificate", "alert unknown ca", "alert certificate unknown", "alert certificate expired"];

    /// <summary>The problem that an exception stands for.</summary>
    /// <param name="e">From the client, or a socket below it.</param>
    /// <param name="address">Where it happened.</param>
    /// <param name="exchange">The exchange.</param>
    public static BrokerProblem Of(Exception e, BrokerAddress address, string exchange)
    {
        if (address.IsTls && Causes(e).Any(cause => CertificateAlerts.Any(alert => cause.Message.Contains(alert, StringComparison.OrdinalIgnoreCase))))
            return OwnCertificate(address);
        foreach (var cause in Causes(e))
        {
            if (cause switch
            {
                BrokerProblemException known => known.Problem,
                ProblemException state => new BrokerProblem(state.Problem.Detail, state.Problem.Remedy ?? Again),
                AuthenticationFailureException or PossibleAuthenticationFailureException => WrongPassword(address),
                OperationInterruptedException { ShutdownReason: { ReplyCode: > 0 } reason } => Of(reason.ReplyCode, reason.ReplyText, address, exchange),
                SocketException socket => Of(socket, address),
                AuthenticationException tls => NoTls(tls, address),
                MalformedFrameException or ProtocolVersionMismatchException or PacketNotRecognizedException => NoAmqp(address),
                TimeoutException or OperationCanceledException => Silent(address),
                _ => null,
            } is { } problem)
                return problem;
        }
        var last = Causes(e).Last();
        return last is IOException
            ? Lost(address, last.Message)
            : new BrokerProblem($"The connection to the broker {address} failed: {Plain(last.Message)}.", Again);
    }

    /// <summary>The broker takes no messages for now: it is short of memory or disk.</summary>
    public static BrokerProblem Blocked(BrokerAddress address, string reason) => new(
        $"The broker {address} takes no messages for now ({reason}).",
        "Free its memory or disk (rabbitmqctl status shows the alarms); events wait meanwhile and go out when it is over.");

    /// <summary>A message was sent, and nothing came back.</summary>
    public static BrokerProblem NoConfirm(BrokerAddress address, TimeSpan waited) => new(
        FormattableString.Invariant($"The broker {address} did not confirm a message within {waited.TotalSeconds:0.#} s."),
        $"See whether it hangs (rabbitmqctl status); the message is sent again on a new connection. {Again}");

    /// <summary>The broker dropped a message, for no queue is bound for it (basic.return).</summary>
    public static BrokerProblem NoQueue(BrokerAddress address, string exchange, string topic) => new(
        $"No queue is bound to the exchange '{exchange}' of the broker {address} for {topic}: the broker drops such events.",
        "Bind one, or let the daemon declare one: Queues= in [Broker]. It is told once for each topic; damctl events status counts them.");

    /// <summary>The broker refused a message (basic.nack).</summary>
    public static BrokerProblem Nacked(BrokerAddress address) => new(
        $"The broker {address} refused a message.",
        $"A queue that is bound to the exchange is full (x-overflow=reject-publish) or failing: rabbitmqctl list_queues name state messages. {Again}");

    /// <summary>The exchange is there, but of another type.</summary>
    public static BrokerProblem OtherType(BrokerAddress address, string exchange, string reason) => new(
        $"The exchange '{exchange}' of the broker {address} is not a topic exchange ({Plain(reason)}).",
        "Name another with Exchange= in [Broker], or delete it so that the daemon can declare its own.");

    /// <summary>The exchange is not there, and may not be declared.</summary>
    public static BrokerProblem MayNotDeclare(BrokerAddress address, string exchange) => new(
        $"The broker {address} has no exchange '{exchange}', and user '{address.User}' may not declare it.",
        $"Declare it there (type topic, durable), or give the user the right: {Permissions(address)}");

    /// <summary>A queue that is configured cannot be had.</summary>
    public static BrokerProblem Queue(BrokerAddress address, string queue, string reason) => new(
        $"The queue '{queue}' of the broker {address} is not as configured: {Plain(reason)}.",
        "It is left as it is. Correct Queues= or QueueMaxMessages= in [Broker], the user's permissions, or delete the queue.");

    /// <summary>The exchange is there with other properties than the daemon would give it.</summary>
    public static BrokerProblem OtherProperties(BrokerAddress address, string exchange, string reason) => new(
        $"The exchange '{exchange}' of the broker {address} was not declared as the daemon would: {Plain(reason)}.",
        "It is used as it is.");

    /// <summary>Nobody can ask for the device list over the broker.</summary>
    public static BrokerProblem NoRequests(BrokerAddress address, string topic, string reason) => new(
        $"The broker {address} gives no queue for requests on '{topic}': {Plain(reason)}.",
        $"Give user '{address.User}' the right: {Permissions(address)}; or leave RequestTopic= in [Events] empty.");

    /// <summary>The broker's certificate was right, and then it hung up: with TLS 1.3 it says so only after the handshake, and its words may get lost.</summary>
    public static BrokerProblem OwnCertificate(BrokerAddress address) => new(
        $"The broker {address} does not accept the daemon's certificate, or wants one and got none.",
        "Name one that the broker's CA signed: CertificateFile= and KeyFile= in [Broker].");

    private static BrokerProblem NoAmqp(BrokerAddress address) => new(
        $"What listens on {address} does not speak AMQP 0-9-1.", "Correct the port, or write amqps:// where it speaks TLS.");

    private static BrokerProblem Silent(BrokerAddress address) => new(
        $"The broker {address} does not answer.", $"See whether it hangs (rabbitmqctl status), or a firewall is between. {Again}");

    /// <summary>Whether an exception says no more than that the other side is gone: no reply of AMQP's, no time that was over.</summary>
    public static bool IsHangUp(Exception e) => !Causes(e).Any(cause => cause is OperationCanceledException or TimeoutException or ProtocolException
        or AuthenticationFailureException or PossibleAuthenticationFailureException or OperationInterruptedException { ShutdownReason.Initiator: ShutdownInitiator.Peer });

    /// <summary>Whether a reply says that the user may not.</summary>
    public static bool IsAccessRefused(OperationInterruptedException e) => e.ShutdownReason?.ReplyCode == AccessRefused;

    /// <summary>Whether a reply says that it is there, with other properties.</summary>
    public static bool IsOtherwise(OperationInterruptedException e) => e.ShutdownReason?.ReplyCode == PreconditionFailed;

    /// <summary>Whether a reply says that it is not there.</summary>
    public static bool IsMissing(OperationInterruptedException e) => e.ShutdownReason?.ReplyCode == NotFound;

    private static BrokerProblem? Of(int code, string text, BrokerAddress address, string exchange) => code switch
    {
        ConnectionForced => new($"The broker {address} closed the connection: {Plain(text)}.", $"See whether it is being stopped. {Again}"),
        AccessRefused when text.Contains("Login was refused", StringComparison.OrdinalIgnoreCase) => WrongPassword(address),
        AccessRefused => new($"The broker {address} does not let user '{address.User}' do that: {Plain(text)}.", $"Give the user the right: {Permissions(address)}"),
        NotFound => new($"The broker {address} has lost the exchange '{exchange}': {Plain(text)}.", "It is declared again, but its bindings are gone: bind the queues that need events."),
        PreconditionFailed => new($"The broker {address} refused: {Plain(text)}.", $"Compare [Broker] with what is declared there. {Again}"),
        NotAllowed when text.Contains("not found", StringComparison.OrdinalIgnoreCase) => new(
            $"The broker {address} has no virtual host '{address.VirtualHost}'.",
            $"Make it (rabbitmqctl add_vhost {address.VirtualHost}) with permissions for '{address.User}', or correct the URL in [Broker]."),
        NotAllowed => new($"The broker {address} does not let user '{address.User}' in: {Plain(text)}.", $"Give the user the right: {Permissions(address)}"),
        // The client's own words for a connection that broke: what lies below says more.
        >= 500 => null,
        _ => new($"The broker {address} refused: {Plain(text)}.", Again),
    };

    private static BrokerProblem Of(SocketException e, BrokerAddress address) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => new($"The broker {address} refuses connections: nothing listens on that port.", $"Start it, or correct the URL in [Broker]. {Again}"),
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery =>
            new($"The broker's host '{address.Host}' is not known by that name.", $"Correct the URL in [Broker], or the name service (getent hosts {address.Host}). {Again}"),
        SocketError.TimedOut => Silent(address),
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.HostDown =>
            new($"The broker {address} cannot be reached: {e.Message}.", $"Check the network. {Again}"),
        _ => Lost(address, e.Message),
    };

    private static BrokerProblem WrongPassword(BrokerAddress address) => new(
        $"The broker {address} refuses user '{address.User}': wrong user or password.",
        (address.User == "guest" ? "The user guest may log in only from the broker's own machine. " : "")
            + $"Correct the user in the URL, and the password in PasswordFile= of [Broker]; rabbitmqctl authenticate_user {address.User} tests it.");

    private static BrokerProblem NoTls(AuthenticationException e, BrokerAddress address) => new(
        $"The broker {address} does not speak TLS on that port ({Plain(e.GetBaseException().Message)}).",
        "Write amqp:// for a port without TLS, or correct the port (5671 as a rule).");

    // A broker that wants a certificate and got none may also just hang up.
    private static BrokerProblem Lost(BrokerAddress address, string reason) => new(
        $"The connection to the broker {address} broke off: {Plain(reason)}.",
        $"See whether it runs, and {(address.IsTls ? "whether it wants a certificate of the daemon's (CertificateFile= in [Broker])" : "that its port speaks AMQP without TLS (else write amqps://)")}. {Again}");

    private static string Permissions(BrokerAddress address) => $"rabbitmqctl set_permissions -p {address.VirtualHost} {address.User} '.*' '.*' '.*'";

    private static string Plain(string text) => text.ReplaceLineEndings(" ").TrimEnd('.', ' ');

    private static IEnumerable<Exception> Causes(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            yield return e;
            if (e is OperationInterruptedException { InnerException: null, ShutdownReason.Exception: { } below } && below != e)
            {
                foreach (var cause in Causes(below))
                    yield return cause;
            }
            if (e is AggregateException { InnerExceptions.Count: > 1 } several)
            {
                foreach (var cause in several.InnerExceptions.Skip(1).SelectMany(Causes))
                    yield return cause;
            }
        }
    }
}
