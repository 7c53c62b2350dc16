using System.Globalization;

namespace ThatDam.Agent.Publishing;

/// <summary>One of the broker's addresses, taken apart. Written out it is host and port; its password is never written.</summary>
/// <remarks>Source: rabbitmq.com/docs/uri-spec. A URL without a virtual host means <c>/</c>.</remarks>
internal sealed class BrokerAddress
{
    private const string Guest = "guest";
    private const int PlainPort = 5672;
    private const int TlsPort = 5671;

    /// <summary>Takes a URL apart.</summary>
    public BrokerAddress(Uri url)
    {
        Host = url.DnsSafeHost;
        IsTls = url.Scheme == "amqps";
        Port = url.Port > 0 ? url.Port : IsTls ? TlsPort : PlainPort;
        VirtualHost = Uri.UnescapeDataString(url.AbsolutePath.TrimStart('/')) is { Length: > 0 } named ? named : "/";
        var colon = url.UserInfo.IndexOf(':', StringComparison.Ordinal);
        User = Uri.UnescapeDataString(colon < 0 ? url.UserInfo : url.UserInfo[..colon]) is { Length: > 0 } user ? user : Guest;
        Password = colon < 0 ? Guest : Uri.UnescapeDataString(url.UserInfo[(colon + 1)..]);
    }

    /// <summary>Its host, without the brackets of an IPv6 address.</summary>
    public string Host { get; }

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>Whether it is spoken to over TLS.</summary>
    public bool IsTls { get; }

    /// <summary>The user; <c>guest</c> where the URL names none.</summary>
    public string User { get; }

    /// <summary>The password that stands in the URL; <c>guest</c> where there is none.</summary>
    public string Password { get; }

    /// <summary>The virtual host.</summary>
    public string VirtualHost { get; }

    /// <summary>Host and port.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");
}
