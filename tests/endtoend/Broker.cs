using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using RabbitMQ.Client;

namespace ThatDam.EndToEnd.Tests;

/// <summary>
/// A real RabbitMQ of this machine, run as a node of its own: own folder, ports, name and epmd, as whoever runs the tests. Listens on
/// 127.0.0.1, for AMQP, and for TLS with a certificate for <c>localhost</c> that wants one of the client's too. Disposing ends it.
/// </summary>
internal sealed class Broker : IAsyncDisposable
{
    private const string Programs = "/usr/lib/rabbitmq/bin/";
    private const double StartLimitSeconds = 300; // in the test bed it may take minutes

    private static readonly ConcurrentDictionary<int, byte> Given = []; // ports of this process's brokers

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment;
    private readonly string _node = $"dam-{Guid.NewGuid().ToString("N")[..8]}@localhost";
    private readonly Process _epmd;
    private readonly List<string> _said = [];
    private Process? _server;
    private bool _frozen;

    private Broker(BrokerCertificates certificates)
    {
        Certificates = certificates;
        var ports = FreePorts(4);
        (Port, TlsPort) = (ports[0], ports[1]);
        File.WriteAllText(At("rabbitmq.conf"), string.Create(CultureInfo.InvariantCulture, $"""
            listeners.tcp.1 = 127.0.0.1:{Port}
            listeners.ssl.1 = 127.0.0.1:{TlsPort}
            ssl_options.cacertfile = {certificates.Ca}
            ssl_options.certfile = {certificates.Server}
            ssl_options.keyfile = {certificates.ServerKey}
            ssl_options.verify = verify_peer
            ssl_options.fail_if_no_peer_cert = true
            log.console = false
            log.file.level = info
            vm_memory_high_watermark.relative = 0.6
            disk_free_limit.absolute = 1MB
            """));
        File.WriteAllText(At("enabled_plugins"), "[].\n");
        _environment = new Dictionary<string, string>
        {
            ["HOME"] = _folder.Path,
            ["RABBITMQ_SCRIPTS_DIR"] = BrokerHome.Make(At("home")),
            ["RABBITMQ_NODENAME"] = _node,
            ["RABBITMQ_MNESIA_BASE"] = At("mnesia"),
            ["RABBITMQ_LOG_BASE"] = At("log"),
            ["RABBITMQ_CONFIG_FILE"] = At("rabbitmq.conf"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = At("enabled_plugins"),
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["RABBITMQ_DIST_PORT"] = ports[2].ToString(CultureInfo.InvariantCulture),
            ["ERL_EPMD_PORT"] = ports[3].ToString(CultureInfo.InvariantCulture),
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            // The server takes the place of its script: its process id is the one that was started.
            ["RABBITMQ_ALLOW_INPUT"] = "1",
        };
        _epmd = Launch("epmd");
    }

    /// <summary>Its port for AMQP without TLS.</summary>
    public int Port { get; }

    /// <summary>Its port for TLS.</summary>
    public int TlsPort { get; }

    /// <summary>The CA, its certificates, and those of others.</summary>
    public BrokerCertificates Certificates { get; }

    /// <summary>Its address for guest, without a password.</summary>
    public string Url => UrlFor("guest");

    /// <summary>Its address for TLS, by the name that stands in its certificate.</summary>
    public string TlsUrl => string.Create(CultureInfo.InvariantCulture, $"amqps://localhost:{TlsPort}");

    /// <summary>Its log.</summary>
    public string Log => Directory.Exists(At("log")) ? string.Concat(Directory.GetFiles(At("log"), "*.log").Select(File.ReadAllText)) : "";

    /// <summary>Its address for a user, without a password.</summary>
    public string UrlFor(string user, string virtualHost = "") => string.Create(CultureInfo.InvariantCulture, $"amqp://{user}@localhost:{Port}{(virtualHost.Length > 0 ? "/" : "")}{virtualHost}");

    /// <summary>Starts one, and waits until it serves.</summary>
    public static async Task<Broker> StartAsync()
    {
        var broker = new Broker(await BrokerCertificates.MakeAsync());
        try
        {
            await broker.StartAgainAsync();
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it after <see cref="KillAsync"/>, on the same data, and waits until it serves.</summary>
    public async Task StartAgainAsync()
    {
        _server = Launch(Programs + "rabbitmq-server", "-noinput");
        await Eventually.TrueAsync(
            async () =>
            {
                Assert.False(_server.HasExited, $"rabbitmq-server ended with its start:\n{Said}\n{Log}");
                return await ServesAsync();
            },
            $"rabbitmq-server serves:\n{Said}", StartLimitSeconds);
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        Assert.NotNull(_server);
        Processes.Signal(_server.Id, Processes.SIGKILL);
        await _server.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        _frozen = false;
    }

    /// <summary>SIGSTOP: it still holds its connections, and says nothing any more.</summary>
    public void Freeze()
    {
        _frozen = true;
        foreach (var id in WithChildren())
            Processes.Signal(id, Processes.SIGSTOP);
    }

    /// <summary>SIGCONT.</summary>
    public void Thaw()
    {
        _frozen = false;
        foreach (var id in WithChildren())
            Processes.Signal(id, Processes.SIGCONT);
    }

    /// <summary>Makes it short of memory, or not: it blocks those who publish.</summary>
    public Task SetMemoryAlarmAsync(bool on) => ControlAsync("set_vm_memory_high_watermark", on ? "0.00001" : "0.6");

    /// <summary>A user with permissions (configure, write, read), as patterns.</summary>
    public async Task AddUserAsync(string name, string password, string configure = ".*", string write = ".*", string read = ".*")
    {
        await ControlAsync("add_user", name, password);
        await SetPermissionsAsync(name, configure, write, read);
    }

    /// <summary>What a user may do.</summary>
    public Task SetPermissionsAsync(string name, string configure, string write, string read) => ControlAsync("set_permissions", "-p", "/", name, configure, write, read);

    /// <summary>Gives a user another password.</summary>
    public Task ChangePasswordAsync(string name, string password) => ControlAsync("change_password", name, password);

    /// <summary>Makes a virtual host that a user may use.</summary>
    public async Task AddVirtualHostAsync(string name, string user)
    {
        await ControlAsync("add_vhost", name);
        await ControlAsync("set_permissions", "-p", name, user, ".*", ".*", ".*");
    }

    /// <summary>Deletes an exchange, with its bindings.</summary>
    public Task DeleteExchangeAsync(string name) => OnChannelAsync(channel => channel.ExchangeDeleteAsync(name));

    /// <summary>Declares an exchange of any type.</summary>
    public Task DeclareExchangeAsync(string name, string type) => OnChannelAsync(channel => channel.ExchangeDeclareAsync(name, type, durable: true, autoDelete: false));

    /// <summary>How many messages wait in a queue.</summary>
    public async Task<uint> MessagesInAsync(string queue)
    {
        var count = 0u;
        await OnChannelAsync(async channel => count = (await channel.QueueDeclarePassiveAsync(queue)).MessageCount);
        return count;
    }

    /// <summary>Does something at the broker as guest.</summary>
    public async Task OnChannelAsync(Func<IChannel, Task> work)
    {
        await using var connection = await Factory().CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await work(channel);
    }

    /// <summary>For connections of a test.</summary>
    public ConnectionFactory Factory() => new()
    {
        HostName = "127.0.0.1",
        Port = Port,
        AutomaticRecoveryEnabled = false,
        TopologyRecoveryEnabled = false,
        RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
        HandshakeContinuationTimeout = TimeSpan.FromSeconds(5),
        RequestedHeartbeat = TimeSpan.FromSeconds(5),
    };

    /// <summary>Runs rabbitmqctl, which must succeed.</summary>
    public async Task<string> ControlAsync(params string[] arguments) =>
        (await Command.RunAsync(Programs + "rabbitmqctl", ["--node", _node, .. arguments], _environment)).MustSucceed().Stdout;

    /// <summary>Ends it and removes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false })
        {
            if (_frozen)
                Thaw();
            await KillAsync();
        }
        if (!_epmd.HasExited)
        {
            _epmd.Kill();
            await _epmd.WaitForExitAsync();
        }
        _server?.Dispose();
        _epmd.Dispose();
        _folder.Dispose();
        Certificates.Dispose();
    }

    private string Said
    {
        get
        {
            lock (_said)
                return string.Join('\n', _said.TakeLast(40));
        }
    }

    private async Task<bool> ServesAsync()
    {
        try
        {
            await using var connection = await Factory().CreateConnectionAsync();
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private Process Launch(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.Path };
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        start.Environment.Remove("NOTIFY_SOCKET");
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Hear(string? line)
    {
        lock (_said)
            _said.Add(line ?? "");
    }

    private List<int> WithChildren()
    {
        var all = Processes.All();
        var found = new List<int> { _server!.Id };
        for (var i = 0; i < found.Count; i++)
            found.AddRange(all.Where(p => p.Parent == found[i]).Select(p => p.Id));
        return found;
    }

    private string At(string name) => Path.Combine(_folder.Path, name);

    // Below those that the kernel picks for connections: between now and the server's start, one of them could take it.
    private static int[] FreePorts(int count)
    {
        var ports = new List<int>();
        while (ports.Count < count)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            if (IsFree(port) && Given.TryAdd(port, 0))
                ports.Add(port);
        }
        return [.. ports];
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
