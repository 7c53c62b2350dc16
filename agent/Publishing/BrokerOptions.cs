namespace ThatDam.Agent.Publishing;

/// <summary>[Broker] of the configuration: where events go. Without a URL the daemon works in local mode: events stay in the outbox.</summary>
public sealed record BrokerOptions
{
    /// <summary>The broker's addresses, tried in turn: <c>amqp://user@host:5672/vhost</c> or <c>amqps://…</c>. Empty: local mode.</summary>
    public IReadOnlyList<Uri> Urls { get; init; } = [];

    /// <summary>The topic exchange, durable. It is declared if it is missing.</summary>
    public string Exchange { get; init; } = "events";

    /// <summary>A file that holds the password, readable by the daemon alone. Goes before a password in the URL. Empty: none.</summary>
    public string PasswordFile { get; init; } = "";

    /// <summary>The CA that signed the broker's certificate, PEM. Empty: the system's.</summary>
    public string CaFile { get; init; } = "";

    /// <summary>The daemon's own certificate, PEM. Empty: none.</summary>
    public string CertificateFile { get; init; } = "";

    /// <summary>The key of that certificate, PEM. Empty: it is in the same file.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>Queues to declare and bind; empty: none.</summary>
    public IReadOnlyList<BrokerQueue> Queues { get; init; } = [];

    /// <summary>How many messages a declared queue holds; beyond it the oldest go.</summary>
    public int QueueMaxMessages { get; init; } = 100_000;

    /// <summary>How long one message may wait for its confirm before the connection is given up.</summary>
    public TimeSpan ConfirmTimeout { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>A queue that the daemon declares.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Patterns">The topics that it is bound to, as AMQP's topic exchange has them.</param>
public sealed record BrokerQueue(string Name, IReadOnlyList<string> Patterns);
