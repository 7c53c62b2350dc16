using System.Net.Sockets;
using System.Security.Authentication;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using ThatDam.Agent.Publishing;

namespace ThatDam.Agent.Tests.Publishing;

public sealed class BrokerProblemsTests
{
    private static readonly BrokerAddress Address = new(new Uri("amqp://cam:secret@broker:5672/site"));

    public static TheoryData<string, Exception, string, string> Cases => new()
    {
        { "refused", Unreachable(new SocketException((int)SocketError.ConnectionRefused)), "The broker broker:5672 refuses connections", "Start it, or correct the URL" },
        { "unknown", Unreachable(new SocketException((int)SocketError.HostNotFound)), "'broker' is not known by that name", "getent hosts broker" },
        { "no route", Unreachable(new SocketException((int)SocketError.HostUnreachable)), "cannot be reached", "network" },
        { "timeout", Unreachable(new TimeoutException()), "does not answer", "rabbitmqctl status" },
        { "given up", new OperationCanceledException(), "does not answer", "firewall" },
        { "login", Unreachable(new AuthenticationFailureException("ACCESS_REFUSED - Login was refused")), "refuses user 'cam': wrong user or password", "PasswordFile=" },
        { "vhost", Unreachable(Closed(530, "NOT_ALLOWED - vhost site not found")), "no virtual host 'site'", "add_vhost site" },
        { "vhost denied", Unreachable(Closed(530, "NOT_ALLOWED - access to vhost 'site' refused for user 'cam'")), "does not let user 'cam' in", "set_permissions -p site cam" },
        { "permission", Closed(403, "ACCESS_REFUSED - write access to exchange 'events' refused"), "does not let user 'cam' do that", "set_permissions" },
        { "exchange gone", Closed(404, "NOT_FOUND - no exchange 'events' in vhost 'site'"), "has lost the exchange 'events'", "declared again" },
        { "forced", Closed(320, "CONNECTION_FORCED - broker forced connection closure"), "closed the connection", "tried again" },
        { "no TLS", Unreachable(new AuthenticationException("Authentication failed", new IOException("Cannot determine the frame size"))), "does not speak TLS", "amqp://" },
        { "reset", Closed(541, "Unexpected Exception", new IOException("Unable to read", new SocketException((int)SocketError.ConnectionReset))), "broke off", "tried again" },
        { "TLS port", Unreachable(new MalformedFrameException("bad frame")), "does not speak AMQP", "amqps://" },
        { "else", new InvalidOperationException("Odd."), "failed: Odd.", "tried again" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_has_its_words_and_a_remedy(string what, Exception e, string text, string remedy)
    {
        _ = what;
        var problem = BrokerProblems.Of(e, Address, "events");
        Assert.Contains(text, problem.Text, StringComparison.Ordinal);
        Assert.EndsWith(".", problem.Text, StringComparison.Ordinal);
        Assert.Contains(remedy, problem.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SSL routines::tlsv13 alert certificate required")]
    [InlineData("SSL routines::tlsv1 alert unknown ca")]
    public void What_the_broker_says_of_the_daemons_certificate_is_told(string alert)
    {
        var tls = new BrokerAddress(new Uri("amqps://broker"));
        var problem = BrokerProblems.Of(Closed(541, "Unexpected Exception", new IOException("The read failed.", new InvalidOperationException(alert))), tls, "events");
        Assert.Contains("does not accept the daemon's certificate, or wants one", problem.Text, StringComparison.Ordinal);
        Assert.Contains("CertificateFile=", problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broker_that_hangs_up_is_told_from_one_that_answers()
    {
        Assert.True(BrokerProblems.IsHangUp(Unreachable(new SocketException((int)SocketError.ConnectionReset))));
        Assert.True(BrokerProblems.IsHangUp(Closed(541, "Unexpected Exception", new ObjectDisposedException("Socket"))));
        Assert.False(BrokerProblems.IsHangUp(Closed(530, "NOT_ALLOWED - vhost site not found")));
        Assert.False(BrokerProblems.IsHangUp(Unreachable(new AuthenticationFailureException("ACCESS_REFUSED"))));
        Assert.False(BrokerProblems.IsHangUp(new OperationCanceledException()));
    }

    private static BrokerUnreachableException Unreachable(Exception e) => new(new AggregateException(new InvalidOperationException("first"), e));

    private static OperationInterruptedException Closed(ushort code, string text, Exception? below = null) => new(
        below is null ? new ShutdownEventArgs(ShutdownInitiator.Peer, code, text) : new ShutdownEventArgs(ShutdownInitiator.Library, code, text, below));
}
