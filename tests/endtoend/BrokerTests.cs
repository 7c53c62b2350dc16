using System.Globalization;
using System.Net;
using System.Net.Sockets;
using RabbitMQ.Client;

namespace ThatDam.EndToEnd.Tests;

/// <summary>One RabbitMQ for the tests of a class. Each test has an exchange of its own.</summary>
public sealed class OneBroker : IAsyncLifetime
{
    internal Broker Broker { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Broker = await Broker.StartAsync();

    public ValueTask DisposeAsync() => Broker?.DisposeAsync() ?? default;
}

/// <summary>Events reach a real broker, whatever it was configured to be.</summary>
[Trait("pace", "waits")]
public sealed class BrokerTests(OneBroker one) : IClassFixture<OneBroker>
{
    private readonly string _exchange = $"events-{Guid.NewGuid().ToString("N")[..8]}";

    private Broker Broker => one.Broker;

    private string[] Here => [$"Broker.Url={Broker.Url}", $"Broker.Exchange={_exchange}"];

    [Fact]
    public async Task Every_message_carries_what_the_contract_promises()
    {
        await using var tap = await EventTap.StartAsync(Broker, _exchange);
        await using var daemon = await EventsOfDaemon.StartAsync(Here);
        var recording = await daemon.MakeEventsAsync();
        var stopped = (await tap.WaitAsync("capture.recording_stopped"))[0];
        var started = (await tap.WaitAsync("capture.recording_started"))[0];
        var alive = Assert.Single(await tap.WaitAsync("capture.alive"));
        await tap.WaitAsync("capture.device_list");
        var status = await daemon.AllSentAsync();

        foreach (var e in tap.All)
        {
            Assert.Equal(e.Topic, e.Properties.Type);
            Assert.Equal("application/json", e.Properties.ContentType);
            Assert.Equal("capture-daemon", e.Properties.AppId);
            Assert.Equal(DeliveryModes.Persistent, e.Properties.DeliveryMode);
            Assert.Equal(7, Guid.Parse(e.MessageId).Version);
            Assert.Equal(e.MessageId, e.Text("event_id"));
            Assert.Equal("capture-daemon", e.Text("service"));
            Assert.Equal("1", e.Text("v"));
            Assert.Equal(Environment.MachineName, e.Text("host"));
            Assert.NotEmpty(e.Text("tenant_id"));
            Assert.NotEmpty(e.Text("principal_id"));
            var ts = DateTimeOffset.Parse(e.Text("ts"), CultureInfo.InvariantCulture);
            Assert.Equal(TimeSpan.Zero, ts.Offset);
            Assert.InRange(e.Properties.Timestamp.UnixTime - ts.ToUnixTimeSeconds(), 0, 60);
        }

        Assert.Equal("virtual:0", alive.Json.GetProperty("devices")[0].GetProperty("id").GetString());
        Assert.NotEmpty(alive.Text("version"));
        Assert.Equal((recording.File, "virtual:0"), (started.Text("file"), started.Text("device")));
        Assert.Equal((recording.File, "virtual:0"), (stopped.Text("file"), stopped.Text("device")));
        Assert.True(started.Json.GetProperty("seq").GetInt64() < stopped.Json.GetProperty("seq").GetInt64());
        Assert.Equal((0, 1, $"localhost:{Broker.Port}", _exchange), (status.Returned, status.Connections, status.Broker, status.Exchange));
        Assert.Single(daemon.Logged("Connected to the broker"));
    }

    [Fact]
    public async Task Without_a_url_events_are_kept_and_go_out_when_there_is_one()
    {
        await using var tap = await EventTap.StartAsync(Broker, _exchange);
        await using var local = await EventsOfDaemon.StartAsync();
        await local.MakeEventsAsync();
        var status = await local.EventsAsync(status => status.Pending >= 2, "two events wait");
        Assert.Equal((null, null, false, null, 0, 0), (status.Broker, status.Exchange, status.Connected, status.Problem, status.Confirmed, status.Connections));
        Assert.NotNull(status.Oldest);
        Assert.DoesNotContain("broker", local.Log, StringComparison.OrdinalIgnoreCase);
        await local.StopAsync();

        await using var next = await EventsOfDaemon.StartAsync(new DaemonSettings { State = local.State, Output = local.Output }, Here);
        await next.AllSentAsync();
        await tap.WaitAsync("capture.recording_stopped");
        Assert.Single(tap.Of("capture.alive"));
    }

    [Fact]
    public async Task The_last_event_of_a_run_goes_out_before_the_end()
    {
        await using var tap = await EventTap.StartAsync(Broker, _exchange);
        await using var daemon = await EventsOfDaemon.StartAsync(Here);
        var recording = await daemon.StartRecordingAsync("virtual:0", "--size", "640x360", "--fps", "30");
        await tap.WaitAsync("capture.recording_started");
        await daemon.StopAsync();

        var stopped = Assert.Single(await tap.WaitAsync("capture.recording_stopped", seconds: 2));
        Assert.Equal((recording.File, "shutdown"), (stopped.Text("file"), stopped.Text("reason")));
    }

    [Fact]
    public async Task Messages_that_no_queue_is_bound_for_are_counted()
    {
        await using var daemon = await EventsOfDaemon.StartAsync(Here);
        await daemon.MakeEventsAsync();
        var status = await daemon.AllSentAsync();
        Assert.Equal((status.Confirmed, 1), (status.Returned, status.Connections));
        Assert.NotEqual(0, status.Returned);
    }

    [Fact]
    public async Task Configured_queues_are_declared_bound_and_bounded()
    {
        var queue = $"web-{_exchange}";
        await using var daemon = await EventsOfDaemon.StartAsync([.. Here, $"Broker.Queues={queue} capture.recording_started; none-{_exchange} video.#", "Broker.QueueMaxMessages=2"]);
        for (var i = 0; i < 3; i++)
            await daemon.MakeEventsAsync();
        await daemon.AllSentAsync();
        Assert.Equal(2u, await Broker.MessagesInAsync(queue));
        Assert.Equal(0u, await Broker.MessagesInAsync($"none-{_exchange}"));
    }

    [Fact]
    public async Task A_queue_that_is_there_with_other_properties_is_told_once_and_used()
    {
        var queue = $"web-{_exchange}";
        await Broker.OnChannelAsync(channel => channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false));
        await using var daemon = await EventsOfDaemon.StartAsync([.. Here, $"Broker.Queues={queue} #"]);
        await daemon.AllSentAsync();
        Assert.Contains("Correct Queues=", Assert.Single(daemon.Logged($"The queue '{queue}'")), StringComparison.Ordinal);
        Assert.NotEqual(0u, await Broker.MessagesInAsync(queue));
    }

    [Fact]
    public async Task A_message_on_the_request_topic_brings_the_device_list()
    {
        await using var tap = await EventTap.StartAsync(Broker, _exchange);
        await using var daemon = await EventsOfDaemon.StartAsync([.. Here, "Events.RequestTopic=capture.device_list.request"]);
        await daemon.AllSentAsync();
        await Broker.OnChannelAsync(async channel => await channel.BasicPublishAsync(
            _exchange, "capture.device_list.request", mandatory: false, new BasicProperties { CorrelationId = "ask-7" }, "{}"u8.ToArray()));
        await tap.WaitAsync(
            all => all.Any(e => e.Topic == "capture.device_list" && e.Text("cause") == "request" && e.Text("correlation_id") == "ask-7"), "the list that was asked for");
    }

    [Fact]
    public async Task A_wrong_password_is_told_once_and_a_right_one_needs_no_restart()
    {
        var user = $"cam-{_exchange}";
        await Broker.AddUserAsync(user, "right-and-secret");
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "password");
        await File.WriteAllTextAsync(file, "wrong-and-secret\n");
        await using var tap = await EventTap.StartAsync(Broker, _exchange);
        await using var daemon = await EventsOfDaemon.StartAsync($"Broker.Url={Broker.UrlFor(user)}", $"Broker.Exchange={_exchange}", $"Broker.PasswordFile={file}");

        var open = await daemon.BrokerProblemAsync("can be read by others");
        Assert.Contains($"chmod 600 {file}", open, StringComparison.Ordinal);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var problem = await daemon.BrokerProblemAsync("wrong user or password");
        Assert.Contains("PasswordFile=", problem, StringComparison.Ordinal);
        await LogoutsAsync(user, 2);
        Assert.Single(daemon.Logged("wrong user or password"));

        await File.WriteAllTextAsync(file, "right-and-secret\n");
        await tap.WaitAsync("capture.alive", seconds: 60);
        await daemon.AllSentAsync();
        Assert.Single(daemon.Logged("Connected to the broker"));
        await MustNotKnowAsync(daemon, "wrong-and-secret", "right-and-secret");
    }

    [Fact]
    public async Task The_password_is_nowhere_to_be_read()
    {
        var user = $"cam-{_exchange}";
        const string password = "a@very:secret/word";
        await Broker.AddUserAsync(user, password);
        await using var tap = await EventTap.StartAsync(Broker, _exchange);
        var url = $"amqp://{user}:{Uri.EscapeDataString(password)}@localhost:{Broker.Port}";
        await using var daemon = await EventsOfDaemon.StartAsync(
            new DaemonSettings { Under = ["/usr/bin/env", $"EVENT_BROKER_URL={url}"] }, $"Broker.Exchange={_exchange}", "Log.Level=debug");
        await daemon.MakeEventsAsync();
        await tap.WaitAsync("capture.recording_stopped");
        await Broker.ChangePasswordAsync(user, "another");
        await Broker.ControlAsync("close_all_user_connections", user, "test");
        await daemon.BrokerProblemAsync("wrong user or password");

        await MustNotKnowAsync(daemon, password, Uri.EscapeDataString(password), "secret/word", "secret%2Fword");
        foreach (var e in tap.All)
            Assert.DoesNotContain("secret", e.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_nobody_knows_is_told_once_and_the_next_address_is_tried()
    {
        // Stands for a second broker that is never well: so the rounds can be counted.
        using var second = new TcpListener(IPAddress.Loopback, 0);
        second.Start();
        var port = ((IPEndPoint)second.LocalEndpoint).Port;
        await using var daemon = await EventsOfDaemon.StartAsync($"Broker.Url=amqp://no-such-host.invalid amqp://127.0.0.1:{port}");
        for (var round = 0; round < 3; round++)
            (await second.AcceptTcpClientAsync().WaitAsync(TimeSpan.FromSeconds(60))).Dispose();
        await daemon.BrokerProblemAsync($"127.0.0.1:{port} broke off");

        Assert.Contains("Correct the URL", Assert.Single(daemon.Logged("'no-such-host.invalid' is not known")), StringComparison.Ordinal);
        Assert.Single(daemon.Logged("broke off"));
        await daemon.MakeEventsAsync();
    }

    [Fact]
    public async Task The_second_address_is_used_where_the_first_refuses()
    {
        await using var tap = await EventTap.StartAsync(Broker, _exchange);
        await using var daemon = await EventsOfDaemon.StartAsync($"Broker.Url=amqp://127.0.0.1:1 {Broker.Url}", $"Broker.Exchange={_exchange}");
        await tap.WaitAsync("capture.alive");
        Assert.Equal($"localhost:{Broker.Port}", (await daemon.AllSentAsync()).Broker);
        Assert.Contains("Start it", Assert.Single(daemon.Logged("127.0.0.1:1 refuses connections")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_virtual_host_is_told_and_used_when_it_is_there()
    {
        await using var daemon = await EventsOfDaemon.StartAsync($"Broker.Url={Broker.UrlFor("guest", "site%2F1")}", $"Broker.Exchange={_exchange}");
        Assert.Contains("rabbitmqctl add_vhost site/1", await daemon.BrokerProblemAsync("no virtual host 'site/1'"), StringComparison.Ordinal);
        await Broker.AddVirtualHostAsync("site/1", "guest");
        await daemon.AllSentAsync();
        Assert.Single(daemon.Logged("no virtual host"));
    }

    [Fact]
    public async Task An_exchange_of_another_type_is_told_and_a_topic_exchange_made_when_it_is_gone()
    {
        await Broker.DeclareExchangeAsync(_exchange, "fanout");
        await using var daemon = await EventsOfDaemon.StartAsync(Here);
        Assert.Contains("Exchange=", await daemon.BrokerProblemAsync($"'{_exchange}' of the broker localhost:{Broker.Port} is not a topic exchange"), StringComparison.Ordinal);
        await Broker.DeleteExchangeAsync(_exchange);
        await daemon.AllSentAsync();
        Assert.Single(daemon.Logged("is not a topic exchange"));
    }

    [Fact]
    public async Task A_user_who_may_not_declare_uses_the_exchange_that_is_there()
    {
        var user = $"cam-{_exchange}";
        await Broker.AddUserAsync(user, "guest", configure: "^$", write: $"^{_exchange}$", read: "^$");
        await using var daemon = await EventsOfDaemon.StartAsync($"Broker.Url={Broker.UrlFor(user)}", $"Broker.Exchange={_exchange}");
        Assert.Contains("set_permissions", await daemon.BrokerProblemAsync("may not declare it"), StringComparison.Ordinal);
        await Broker.DeclareExchangeAsync(_exchange, "topic");
        await daemon.AllSentAsync();
    }

    [Fact]
    public async Task A_user_who_may_not_publish_is_told_once_and_goes_on_when_allowed()
    {
        // Publishing without the right closes the channel, and leaves the connection open.
        var user = $"cam-{_exchange}";
        await Broker.AddUserAsync(user, "guest", write: "^$");
        await using var tap = await EventTap.StartAsync(Broker, _exchange);
        await using var daemon = await EventsOfDaemon.StartAsync($"Broker.Url={Broker.UrlFor(user)}", $"Broker.Exchange={_exchange}");
        Assert.Contains("set_permissions", await daemon.BrokerProblemAsync("does not let user"), StringComparison.Ordinal);
        await daemon.EventsAsync(status => status.Connections >= 3, "it has been tried three times");
        Assert.Single(daemon.Logged("does not let user"));
        Assert.Single(daemon.Logged("Connected to the broker"));

        await Broker.SetPermissionsAsync(user, ".*", ".*", ".*");
        await tap.WaitAsync("capture.alive", seconds: 60);
        await daemon.AllSentAsync();
        Assert.Equal(2, daemon.Logged("Connected to the broker").Count);
    }

    [Theory]
    [InlineData("another CA", "another CA signed it", "CaFile=")]
    [InlineData("another name", "is for another host: localhost", "Write the URL with a name")]
    [InlineData("the system's CAs", "is not trusted", "CaFile=")]
    [InlineData("no TLS there", "does not speak TLS", "amqp://")]
    [InlineData("no CA file", "does not exist", "CaFile=")]
    [InlineData("no certificate", "wants one and got none", "CertificateFile=")]
    public async Task A_refused_handshake_is_told_once_with_its_remedy(string what, string reason, string remedy)
    {
        var certificates = Broker.Certificates;
        string[] ours = [$"Broker.CertificateFile={certificates.Client}", $"Broker.KeyFile={certificates.ClientKey}"];
        string[] keys = what switch
        {
            "another CA" => [$"Broker.Url={Broker.TlsUrl}", $"Broker.CaFile={certificates.OtherCa}", .. ours],
            "another name" => [$"Broker.Url=amqps://127.0.0.1:{Broker.TlsPort}", $"Broker.CaFile={certificates.Ca}", .. ours],
            "the system's CAs" => [$"Broker.Url={Broker.TlsUrl}", .. ours],
            "no TLS there" => [$"Broker.Url=amqps://localhost:{Broker.Port}", $"Broker.CaFile={certificates.Ca}", .. ours],
            "no CA file" => [$"Broker.Url={Broker.TlsUrl}", "Broker.CaFile=/no/such/ca.pem", .. ours],
            _ => [$"Broker.Url={Broker.TlsUrl}", $"Broker.CaFile={certificates.Ca}"],
        };
        await using var daemon = await EventsOfDaemon.StartAsync([.. keys, $"Broker.Exchange={_exchange}"]);
        Assert.Contains(remedy, await daemon.BrokerProblemAsync(reason), StringComparison.Ordinal);
        Assert.Single(daemon.Logged(reason));
        await daemon.MakeEventsAsync();
        Assert.Equal(0, (await daemon.EventsAsync()).Connections);
    }

    [Fact]
    public async Task Over_TLS_with_a_certificate_of_its_own()
    {
        var certificates = Broker.Certificates;
        using var folder = new TemporaryFolder();
        var ca = Path.Combine(folder.Path, "ca.pem");
        File.Copy(certificates.OtherCa, ca);
        await using var tap = await EventTap.StartAsync(Broker, _exchange);
        await using var daemon = await EventsOfDaemon.StartAsync(
            $"Broker.Url={Broker.TlsUrl}", $"Broker.Exchange={_exchange}", $"Broker.CaFile={ca}", $"Broker.CertificateFile={certificates.Client}", $"Broker.KeyFile={certificates.ClientKey}");
        await daemon.BrokerProblemAsync("another CA signed it");

        // The right one is put in its place: no restart.
        File.Copy(certificates.Ca, ca, overwrite: true);
        await tap.WaitAsync("capture.alive", seconds: 60);
        var status = await daemon.AllSentAsync();
        Assert.Equal($"localhost:{Broker.TlsPort}", status.Broker);
    }

    // The broker writes each refused login into its log.
    private Task LogoutsAsync(string user, int count) => Eventually.TrueAsync(
        () => Broker.Log.Split($"PLAIN login refused: user '{user}'").Length > count, $"{count} logins of {user} were refused", 60);

    private static async Task MustNotKnowAsync(Daemon daemon, params string[] passwords)
    {
        List<string> readable = [daemon.Log, await daemon.GetAsync("/v1/events/status"), await daemon.GetAsync("/v1/status")];
        foreach (var process in Processes.Children(daemon.Id))
        {
            readable.Add(string.Join(' ', process.Arguments()));
            readable.Add(await EnvironmentAsync(process.Id));
        }
        readable.Add(await File.ReadAllTextAsync($"/proc/{daemon.Id}/cmdline"));
        foreach (var password in passwords)
            Assert.DoesNotContain(readable, text => text.Contains(password, StringComparison.Ordinal));
    }

    private static async Task<string> EnvironmentAsync(int id)
    {
        try
        {
            return await File.ReadAllTextAsync($"/proc/{id}/environ");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
