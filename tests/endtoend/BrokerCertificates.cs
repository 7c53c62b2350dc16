namespace ThatDam.EndToEnd.Tests;

/// <summary>A CA made by openssl for one test run, what it signed, and a stranger's CA. PEM files, gone at the end.</summary>
internal sealed class BrokerCertificates : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private BrokerCertificates()
    {
    }

    /// <summary>The CA.</summary>
    public string Ca => At("ca.pem");

    /// <summary>The broker's certificate, for <c>localhost</c>.</summary>
    public string Server => At("server.pem");

    /// <summary>Its key.</summary>
    public string ServerKey => At("server.key");

    /// <summary>A client's certificate.</summary>
    public string Client => At("client.pem");

    /// <summary>Its key.</summary>
    public string ClientKey => At("client.key");

    /// <summary>A CA that signed none of these.</summary>
    public string OtherCa => At("other.pem");

    /// <summary>Makes all of them.</summary>
    public static async Task<BrokerCertificates> MakeAsync()
    {
        var made = new BrokerCertificates();
        await made.MakeCaAsync("ca");
        await made.MakeCaAsync("other");
        await made.SignAsync("server", "/CN=localhost", "subjectAltName=DNS:localhost", "extendedKeyUsage=serverAuth");
        await made.SignAsync("client", "/CN=capture-daemon", "extendedKeyUsage=clientAuth");
        return made;
    }

    public void Dispose() => _folder.Dispose();

    private string At(string name) => Path.Combine(_folder.Path, name);

    private async Task MakeCaAsync(string name) => await OpensslAsync(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", $"/CN=CA {name}",
        "-addext", "keyUsage=critical,keyCertSign", "-keyout", At($"{name}.key"), "-out", At($"{name}.pem"));

    private async Task SignAsync(string name, string subject, params string[] extensions)
    {
        File.WriteAllLines(At($"{name}.ext"), extensions);
        await OpensslAsync("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", subject, "-keyout", At($"{name}.key"), "-out", At($"{name}.csr"));
        await OpensslAsync(
            "x509", "-req", "-in", At($"{name}.csr"), "-CA", Ca, "-CAkey", At("ca.key"), "-CAcreateserial", "-days", "2", "-extfile", At($"{name}.ext"), "-out", At($"{name}.pem"));
    }

    private static async Task OpensslAsync(params string[] arguments) => (await Command.RunAsync("openssl", arguments)).MustSucceed();
}
