using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RabbitMQ.Client;

namespace ThatDam.Agent.Publishing;

/// <summary>
/// TLS for one connection: which CA is trusted, the daemon's own certificate, and why the broker's was refused. The files are read for
/// each connection, so that renewed ones need no restart.
/// </summary>
internal sealed class BrokerTls : IDisposable
{
    // id-kp-serverAuth, RFC 5280.
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly BrokerOptions _options;
    private readonly X509Certificate2Collection? _trusted;
    private readonly X509Certificate2? _own;

    private BrokerTls(BrokerOptions options, X509Certificate2Collection? trusted, X509Certificate2? own) =>
        (_options, _trusted, _own) = (options, trusted, own);

    /// <summary>Why the broker's certificate was refused; null when it was not.</summary>
    public BrokerProblem? Refusal { get; private set; }

    /// <summary>Whether the broker's certificate was seen, and was right.</summary>
    public bool IsAccepted { get; private set; }

    /// <summary>Reads the files that are configured.</summary>
    /// <exception cref="BrokerProblemException">One is missing, unreadable, or not what it should be.</exception>
    public static BrokerTls Load(BrokerOptions options)
    {
        X509Certificate2Collection? trusted = null;
        if (options.CaFile.Length > 0)
        {
            trusted = Read(options.CaFile, "CaFile", "the CA's certificate", () =>
            {
                var all = new X509Certificate2Collection();
                all.ImportFromPemFile(options.CaFile);
                return all.Count > 0 ? all : throw new CryptographicException("no certificate is in it");
            });
        }
        X509Certificate2? own = null;
        if (options.CertificateFile.Length > 0)
        {
            var key = options.KeyFile.Length > 0 ? options.KeyFile : options.CertificateFile;
            own = Read(options.CertificateFile, "CertificateFile", "the daemon's certificate", () =>
            {
                _ = File.ReadAllText(options.CertificateFile);
                return Read(key, "KeyFile", "the key of the daemon's certificate", () => X509Certificate2.CreateFromPemFile(options.CertificateFile, key));
            });
        }
        return new BrokerTls(options, trusted, own);
    }

    /// <summary>What the client takes. The host's name is sent (SNI) and must stand in the certificate.</summary>
    public SslOption For(BrokerAddress address) => new()
    {
        Enabled = true,
        ServerName = address.Host,
        Certs = _own is null ? null : [_own],
        CertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(address, certificate, chain, errors),
    };

    /// <summary>Ends the use of the certificates; the connection is closed before.</summary>
    public void Dispose()
    {
        _own?.Dispose();
        foreach (var certificate in _trusted ?? [])
            certificate.Dispose();
    }

    private bool IsTrusted(BrokerAddress address, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 shown)
            return Refuse($"The broker {address} showed no certificate.", "Give the broker one (ssl_options.certfile), or use amqp:// without TLS.");
        if (_trusted is null)
        {
            if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
            {
                return Refuse(
                    $"The certificate of the broker {address} is not trusted: {Reason(chain)}.",
                    "Name the CA that signed it: CaFile= in [Broker], or add the CA to the system's.");
            }
        }
        else
        {
            using var own = new X509Chain();
            own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            own.ChainPolicy.CustomTrustStore.AddRange(_trusted);
            own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            own.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
            foreach (var element in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
                own.ChainPolicy.ExtraStore.Add(element.Certificate);
            if (!own.Build(shown))
            {
                return Refuse(
                    $"The certificate of the broker {address} is not trusted by the CA in {_options.CaFile}: {Reason(own)}.",
                    "Name the CA that signed it in CaFile= of [Broker], or renew the broker's certificate.");
            }
        }
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return Refuse(
                $"The certificate of the broker {address} is for another host: {Names(shown)}.",
                "Write the URL with a name that stands in the certificate, or give the broker one for this name.");
        }
        IsAccepted = true;
        return true;
    }

    private bool Refuse(string text, string remedy)
    {
        Refusal = new BrokerProblem(text, remedy);
        return false;
    }

    private static string Reason(X509Chain? chain)
    {
        var flags = (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
        return flags.HasFlag(X509ChainStatusFlags.NotTimeValid) ? "it has expired, or the clock of one of both machines is wrong"
            : (flags & (X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)) != 0 ? "another CA signed it"
            : flags.ToString();
    }

    private static string Names(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(names => names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(ip => ip.ToString()))).ToList();
        return names.Count > 0 ? string.Join(", ", names) : certificate.Subject;
    }

    private static T Read<T>(string file, string key, string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            var reason = e switch
            {
                FileNotFoundException or DirectoryNotFoundException => "does not exist",
                UnauthorizedAccessException => $"cannot be read by user {Environment.UserName}",
                IOException => $"cannot be read ({e.Message})",
                _ => $"is not PEM or does not hold it ({e.Message})",
            };
            throw new BrokerProblemException(new BrokerProblem($"{file}, {what}, {reason}.", $"Put it there as PEM, readable by the daemon, or correct {key}= in [Broker]."));
        }
    }
}
